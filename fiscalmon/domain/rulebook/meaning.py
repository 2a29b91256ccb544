"""What FDMS's validation codes mean in our own words, for answers that come back with nothing but a code."""

from __future__ import annotations

from types import MappingProxyType

MEANING = MappingProxyType(
    {
        "RCPT010": "FDMS does not take this currency on this date.",
        "RCPT011": "The receipt counter does not follow the receipt before.",
        "RCPT012": "The receipt number does not follow the receipt before.",
        "RCPT013": "The invoice number was used before.",
        "RCPT014": "The receipt is dated before the fiscal day opened.",
        "RCPT015": "The note does not name the receipt it changes.",
        "RCPT016": "The receipt has no lines.",
        "RCPT017": "The receipt has no taxes.",
        "RCPT018": "The receipt has no payment.",
        "RCPT019": "The total is not the sum of the lines.",
        "RCPT020": "The receipt's signature or hash is not valid for this device.",
        "RCPT021": "VAT was charged, but the taxpayer is not registered for VAT.",
        "RCPT022": "A price has the wrong sign.",
        "RCPT023": "A quantity is not above zero.",
        "RCPT024": "A line's total is not price times quantity.",
        "RCPT025": "A tax is not one of this device's taxes on this date, or its percent is another.",
        "RCPT026": "A tax amount is not what the rate gives.",
        "RCPT027": "Sales with tax are not what lines and rate give.",
        "RCPT028": "A payment has the wrong sign.",
        "RCPT029": "An invoice refers to another receipt.",
        "RCPT030": "The receipt is not later than the one before it.",
        "RCPT031": "The receipt is dated in the future: check the till's clock.",
        "RCPT032": "The receipt that the note refers to is not known.",
        "RCPT033": "The original receipt is older than 12 months.",
        "RCPT034": "The note does not say why.",
        "RCPT035": "The note credits more than is left of the original.",
        "RCPT036": "The note has a tax that the original did not have.",
        "RCPT037": "The total is not the sum of the lines and their taxes.",
        "RCPT038": "The total is not the sum of the sales with tax.",
        "RCPT039": "The total is not the sum of the payments.",
        "RCPT040": "The total has the wrong sign.",
        "RCPT041": "The fiscal day was open for longer than allowed.",
        "RCPT042": "The note is in another currency than the original.",
        "RCPT043": "The buyer needs both the registered name and the TIN.",
        "RCPT047": "A line has no HS code.",
        "RCPT048": "An HS code has the wrong length.",
    }
)


def meaning(code: str) -> str:
    """A sentence for a code; an unknown code says so."""
    return MEANING.get(code, f"FDMS answered {code}, a code this version does not know.")
