"""Amounts as Stripe counts them: in minor units, but not always in the same ones as everybody else.

A currency without decimals is counted in whole ones there too, but for those that Stripe keeps in hundredths for old
times' sake; one with three decimals is taken in steps of ten.
"""

from decimal import Decimal

from babel.numbers import get_currency_precision

from pipeline.domain.paying.words import ProviderRefused

WHOLE = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})


def to_stripe(amount: int, currency: str) -> int:
    """Our minor units as Stripe's. Refuses what Stripe cannot charge to the last unit."""
    counted = Decimal(amount).scaleb(_shift(currency))
    if counted % 1 or (currency in THOUSANDTHS and counted % step(currency)):
        raise ProviderRefused(f"Stripe cannot charge so small a fraction of {currency}: round the prices of the lines.")
    return int(counted)


def from_stripe(counted: int, currency: str) -> int:
    """Stripe's units as ours. A fraction that we do not know is left off, so that it is seen to be too little."""
    return int(Decimal(counted).scaleb(-_shift(currency)))


def step(currency: str) -> int:
    """What each amount must be a multiple of, in Stripe's units."""
    return 10 if currency in THOUSANDTHS else int(10 ** max(0, _shift(currency)))


def _shift(currency: str) -> int:
    """How many decimals more Stripe counts than we do."""
    return _decimals(currency) - get_currency_precision(currency)


def _decimals(currency: str) -> int:
    if currency in WHOLE:
        return 0
    return 3 if currency in THOUSANDTHS else 2
