"""Running the product on one machine: the web server, the embedded queue, and the supervisor of them all."""
