"""The page "Trust this till": why the browser warns, the fingerprint to compare, the steps on each system. Plain HTML.

Open to all, since nobody can sign in safely before it; it tells nothing but the certificate that any connection shows.
"""

from __future__ import annotations

from html import escape
from typing import Final

STYLE: Final = """:root{color-scheme:light dark}
body{font:17px/1.55 system-ui,sans-serif;color:#1b2430;background:#f6f8fa;margin:0}
main{max-width:44rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 1rem}
h2{font-size:1.1rem;margin:0}
ol{padding-left:1.3rem;margin:.75rem 0 0}li{margin:.3rem 0}
code{font:1rem/1.7 ui-monospace,monospace}
.print{display:inline-grid;grid-template-columns:auto auto}
@media(max-width:36rem){.print{grid-template-columns:auto}}
.card{background:#fff;border:1px solid #d9e0e7;border-radius:12px;padding:1.1rem 1.25rem;margin:1rem 0}
.card>:last-child{margin-bottom:0}
summary{cursor:pointer;min-height:44px;display:flex;align-items:center}
summary::before{content:"+";display:inline-block;width:1.5rem;color:#0b61a4}
details[open]>summary::before{content:"\\2212"}
.button{display:inline-block;background:#0b61a4;color:#fff;text-decoration:none;border-radius:8px;
padding:.75rem 1.25rem;font-weight:600}
a{color:#0b61a4}.note{color:#4a5866}
a:focus-visible,summary:focus-visible{outline:3px solid #0b61a4;outline-offset:3px}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#10161d}.card{background:#17202a;border-color:#2b3744}
a,summary::before{color:#8cc8ff}.button{background:#8cc8ff;color:#0b1621}.note{color:#a9b6c3}
a:focus-visible,summary:focus-visible{outline-color:#8cc8ff}}
"""
_STEPS: Final = (
    (
        "Android",
        (
            "Download the certificate with the button above.",
            "Settings → Security → More security settings → Encryption & credentials → Install a certificate "
            "→ CA certificate. (The search in Settings finds it as “CA certificate”.)",
            "Choose “Install anyway”, then the file fiscalmon-ca.crt in Downloads.",
            "Close the browser and open the dashboard again.",
        ),
    ),
    (
        "iPhone and iPad",
        (
            "Open this page in Safari, download the certificate with the button above and choose “Allow”.",
            "Settings → General → VPN & Device Management → the profile “fiscalmon till …” → Install.",
            "Settings → General → About → Certificate Trust Settings: switch on “fiscalmon till …”.",
            "Open the dashboard again.",
        ),
    ),
    (
        "Windows (Edge, Chrome)",
        (
            "Download the certificate with the button above and open the file.",
            "Install Certificate → Current User → “Place all certificates in the following store” → Browse → "
            "Trusted Root Certification Authorities → Finish.",
            "Compare the thumbprint's SHA-256 on the Details page with the one above, then confirm with Yes.",
            "Close all windows of the browser and open the dashboard again.",
        ),
    ),
    (
        "Mac",
        (
            "Download the certificate with the button above and open the file: Keychain Access takes it.",
            "Find “fiscalmon till …”, open it, unfold Trust, choose Always Trust for “When using this certificate”.",
            "Close the window, confirm with your password, open the dashboard again.",
        ),
    ),
    (
        "Linux (Chrome, Chromium)",
        (
            "Download the certificate with the button above.",
            "Settings → Privacy and security → Security → Manage certificates → Authorities → Import.",
            "Tick “Trust this certificate for identifying websites”, then open the dashboard again.",
        ),
    ),
    (
        "Firefox, on any system",
        (
            "Download the certificate with the button above.",
            "Settings → Privacy & Security → Certificates → View Certificates → Authorities → Import.",
            "Tick “Trust this CA to identify websites”, then open the dashboard again.",
        ),
    ),
)


# Bytes in a run that is never broken: four rows on a phone, two rows where there is room, as on the till's screen.
_RUN: Final = 8


def page(fingerprint: str, *, own_authority: bool) -> bytes:
    """The page. `own_authority`: the till's own CA vouches for it, and can be downloaded."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Trust this till</title>',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<link rel="stylesheet" href="/trust.css"></head><body><main><h1>Trust this till</h1>',
    ]
    if not own_authority:
        parts += [
            "<p>This till shows a certificate of your shop's own authority. Ask whoever looks after your shop's "
            "computers how to trust it. Its SHA-256 fingerprint:</p>",
            f'<p class="card">{_print(fingerprint)}</p>',
            '<p><a href="/">To the dashboard</a></p></main></body></html>',
        ]
        return "".join(parts).encode()
    parts += [
        "<p>The connection to this till is encrypted, but your browser does not know the till yet and warns. "
        "Do this once on each phone or computer, and the warning is gone for good.</p>",
        '<section class="card"><h2>1. Compare</h2><p>On the till’s own screen, in Settings → Looking in (or with '
        "<code>fiscalmon lan status</code>), stands the same fingerprint. If it differs, stop: something stands "
        f"between you and the till.</p><p>{_print(fingerprint)}</p></section>",
        '<section class="card"><h2>2. Download</h2><p><a class="button" href="/fiscalmon-ca.crt" '
        'download="fiscalmon-ca.crt">Download the till’s certificate</a></p><p class="note">It vouches for this '
        "till’s own names and for private addresses only: whoever trusts it trusts it for nothing else on the "
        "web.</p></section>",
        '<section class="card"><h2>3. Install it on</h2>',
    ]
    for system, steps in _STEPS:
        items = "".join(f"<li>{escape(step)}</li>" for step in steps)
        parts.append(f"<details><summary>{escape(system)}</summary><ol>{items}</ol></details>")
    parts.append('</section><p><a href="/">To the dashboard</a></p></main></body></html>')
    return "".join(parts).encode()


def _print(fingerprint: str) -> str:
    """The fingerprint in runs, so that two people can compare it row by row."""
    pairs = [f"{pair}:" for pair in fingerprint.split(":")]
    pairs[-1] = pairs[-1][:-1]
    runs = ("".join(pairs[start : start + _RUN]) for start in range(0, len(pairs), _RUN))
    return f'<code class="print">{"".join(f"<span>{escape(run)}</span>" for run in runs)}</code>'
