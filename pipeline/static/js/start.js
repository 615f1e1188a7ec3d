/*
 * The last thing of the script: htmx takes over the page now, and not when a timer of its own comes round. Elements listen to
 * keys as soon as they are defined; so no key and no click may fall between the two, where it would follow a link plainly.
 */
htmx.initialize();
