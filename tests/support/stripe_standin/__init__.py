"""A stand-in for Stripe: an HTTP server that keeps state, takes requests as Stripe documents them, and calls back.

In a test, the fixture `stripe` is one that runs, and `stripe_settings` are settings that lead to it:

    gateway = StripeGateway(stripe_settings)
    session = gateway.open(basket, key="attempt-1")

    stripe.pay(session.ref)                                  # by card; method="delayed", amount=, currency=
    stripe.settle(session.ref, succeeded=False)              # what a delayed method comes to
    stripe.renew(subscription_ref, method="declined")        # the next period of a subscription
    stripe.find(session.ref)["status"]                       # anything by its id
    stripe.calls[-1].fields                                  # what it was asked

    stripe.fail(500, on="POST /v1/refunds")                  # does it, and then answers 500, once
    stripe.fail(drops=True)                                  # does it, and then the line goes dead
    stripe.fail(drops=True, after_work=False)                # the line goes dead before anything is done
    stripe.fail(slow=5)                                      # answers late
    with stripe.down(): ...                                  # nobody is there

Its calls to us are signed with the real scheme. They are written down as events; with `stripe.webhook_url` set they
are also sent as they happen, before the payer is led back.

    call = stripe.sign(stripe.last("checkout.session.completed"))        # secret=, at=, account=, livemode=
    client.post("/hooks/stripe", data=call.body, headers=call.headers)
    stripe.deliver(*reversed(stripe.events), times=5, to=url)            # over HTTP; the status of each answer

A browser pays at the session's `url`, with the buttons *Pay*, *Pay by bank debit* and *Pay with a card that is
declined*, and is led back. By itself, for a product that is run by hand: `python -m tests.support.stripe_standin`.
"""
