"""Every side effect of the app, on one page: fact → names of the tasks that follow from it."""

from pipeline.domain import facts
from pipeline.domain.facts import Fact

SUBSCRIPTIONS: dict[type[Fact], tuple[str, ...]] = {
    facts.OpportunityCreated: (),
    facts.OpportunityChanged: (),
    facts.OpportunityMoved: ("automation.run_triggers",),
    facts.StatusChanged: (),
    facts.OwnerChanged: ("notifications.tell_new_owner",),
    facts.OpportunityShared: ("notifications.tell_shared",),
    facts.OpportunityUnshared: (),
    facts.OpportunityDeleted: (),
    facts.OpportunityRestored: (),
    facts.TagApplied: (),
    facts.TagRemoved: (),
    facts.ItemTicked: (),
    facts.ItemUnticked: (),
    facts.NoteWritten: (),
    facts.CallLogged: (),
    facts.ActivityPlanned: (),
    facts.ActivityChanged: (),
    facts.ActivityDone: (),
    facts.ActivityReopened: (),
    facts.ActivityDropped: (),
    facts.ContactCreated: (),
    facts.ContactChanged: (),
    facts.ContactDeleted: (),
    facts.ContactRestored: (),
    facts.PipelineCreated: (),
    facts.SettingChanged: (),
    facts.DemoClockMoved: (),
}
