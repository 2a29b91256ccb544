"""What a printer can be found to suffer from: stable codes, each with a plain sentence that says what to do.

One table for all families, and nothing else; which bit or byte means what stands in the dialects.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fiscalmon.domain.paper import Finding

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "E01": "The printer's port is not there. Check cable and power; printing goes on by itself once it is back.",
        "E02": "The printer's port may not be opened by this user. On Linux add the user to the group dialout "
        "(or install "
        "fiscalmon's udev rule) and log in again; on Windows close what uses the port.",
        "E03": "Another program uses the printer's port. Close that program; printing then goes on by itself.",
        "E04": "The printer does not answer. Switch it on, check the cable and the speed, and that it is in PC mode.",
        "E05": "The printer is out of paper. Put in a new roll; printing goes on by itself.",
        "E06": "The printer's cover is open. Close it; printing goes on by itself.",
        "E07": "The paper cutter is stuck. Switch the printer off, free the cutter, switch it on again.",
        "E08": "The printing mechanism reports a fault. Switch the printer off and on; if it stays, call service.",
        "E09": "The print head is too hot. Wait some minutes; printing goes on by itself.",
        "E10": "The printer is off-line. Press its feed or on-line button and check that no menu is open on it.",
        "E11": "The printer's fiscal memory is full. It has to be replaced by service; nothing is registered "
        "until then.",
        "E12": "The printer's fiscal memory reports a fault. Call service; nothing can be registered until then.",
        "E13": "The printer's working memory was reset. Make its daily report and call service if it comes again.",
        "E14": "The printer's clock is not set. Set it with the till's time.",
        "E15": "The printer does not allow this now. End what is open on it, put it into PC mode, or make its "
        "daily report.",
        "E16": "A receipt of another program is open on the printer. End or cancel it there before the till prints.",
        "E17": "The printer speaks another protocol or is in another mode. Check family and speed, and choose PC mode.",
        "E18": "The port sends back what is written to it; no printer is at its other end. Choose another port.",
        "E19": "A tax of this receipt is not among the printer's tax rates. Have the printer's rates set by service.",
        "E20": "The printer refuses the operator's password. Wait: three wrong ones block it until it is switched off.",
        "E21": "The printer's clock is off by more than five minutes. Set it with the till's time before it "
        "registers sales.",
        "E22": "The printer reports an error of its own. See its display and manual for the number.",
        "E23": "This receipt cannot be registered by the printer as it stands; print it with the mode print-only.",
        "E24": "The printer's total differs from the receipt's. The printer's receipt was cancelled; call support.",
        "E25": "Another printer answers on this port than the one that began the slip. Look at the paper.",
        "E26": "The slip's end cannot be seen from here. Look at the paper: confirm it if it is whole, else "
        "print it again.",
        "E27": "The slip is not whole. It is printed again, marked COPY, once the printer is ready.",
        "E28": "The printer's registers are full. Make its daily report.",
        "E29": "This name is no serial port. Choose one of the ports that this machine has, or a pyserial address.",
        "W01": "The paper roll is nearly at its end. Have a new one at hand.",
        "W02": "The printer's journal is nearly full. Call service soon.",
        "W03": "The printer's fiscal memory is nearly full. Order its replacement now.",
        "W04": "The printer's clock differs from the till's. Set it with the till's time.",
        "W05": "The printer's battery is low. Have it replaced at the next service.",
        "W06": "The printer cannot print QR codes: the verification address is printed as text.",
        "W07": "The printer does not say how it is. Its slips cannot be confirmed by the till; look at the paper.",
        "W08": "A receipt is open on the printer. The till ends it before it prints the next slip.",
        "W09": "The printer's journal is full. Call service.",
        "W10": "The printer's fiscal terminal does not answer. Check its network; printing is not held up.",
    }
)


def finding(code: str) -> Finding:
    """The finding of that code. Raises KeyError for a code that is not in the table."""
    return Finding(code, ADVICE[code])


def findings(codes: frozenset[str] | set[str]) -> tuple[Finding, ...]:
    """Findings in the order of their codes: what stops printing first."""
    return tuple(finding(code) for code in sorted(codes))
