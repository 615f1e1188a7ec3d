"""Run the stand-in by itself, and say with which settings the product finds it."""

import argparse
import threading

from tests.support.stripe_standin.standin import KEY, SECRET, StripeStandin

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("--port", type=int, default=8131)
options.add_argument("--product", default="http://127.0.0.1:8000", help="where the product answers")
chosen = options.parse_args()

standin = StripeStandin(port=chosen.port)
standin.webhook_url = f"{chosen.product}/hooks/stripe"
standin.start()
print(f"STRIPE_SECRET_KEY={KEY} STRIPE_WEBHOOK_SECRET={SECRET} STRIPE_API_BASE={standin.address}", flush=True)
threading.Event().wait()
