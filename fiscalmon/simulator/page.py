"""The control port's live page: one text, no outside asset. Data is put in as text nodes only."""

from __future__ import annotations

import base64
import hashlib

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;color:#17232e;
background:#f6f8fa}
h1{font-size:1.4rem;margin:0}p{color:#51606e}table{border-collapse:collapse;width:100%;background:#fff;
border-radius:10px;overflow:hidden;box-shadow:0 1px 4px #0002}th,td{padding:.45rem .7rem;text-align:left;
border-bottom:1px solid #e6ebf0;white-space:nowrap}th{font-weight:600;color:#51606e}td.n{text-align:right;
font-variant-numeric:tabular-nums}.FiscalDayOpened{color:#0a7d3c}.FiscalDayCloseFailed,.blocked{color:#b3261e}
.FiscalDayCloseInitiated{color:#946200}div{overflow-x:auto}
@media(prefers-color-scheme:dark){body{background:#12181e;color:#e8eef4}table{background:#1b242d}
th,td{border-color:#2b3742}p,th{color:#9fb0bf}.FiscalDayOpened{color:#4cc38a}.FiscalDayCloseFailed,.blocked{color:#ff8a80}
.FiscalDayCloseInitiated{color:#e5b454}}
"""
_SCRIPT = """
const columns=["deviceID","serialNo","activationKey","state","fiscalDayNo","fiscalDayStatus","closingError",
"receipts","lastReceiptGlobalNo","lastReceiptDate"];
const rows=document.getElementById("rows"),note=document.getElementById("note");
function show(data){
  const made=data.devices.map(d=>{const tr=document.createElement("tr");
    for(const c of columns){const td=document.createElement("td"),v=d[c];
      td.textContent=v===null?"":c==="fiscalDayStatus"?v.replace("FiscalDay",""):v;
      td.className=typeof v==="number"&&c!=="deviceID"?"n":c==="fiscalDayStatus"||c==="state"?v:"";tr.append(td);}
    return tr;});
  rows.replaceChildren(...made);
  note.textContent="FDMS time "+data.now+(data.offsetSeconds?" (clock moved by "+data.offsetSeconds+" s)":"")+
    (data.faults?" - "+data.faults+" fault rules in force":"");
}
async function turn(){
  try{show(await(await fetch("overview")).json());}
  catch(e){note.textContent="The simulator does not answer.";}
  setTimeout(turn,1000);
}
turn();
"""


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


POLICY = (
    f"default-src 'none'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
).encode()
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>FDMS simulator</title>'
    f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
    '<h1>FDMS simulator</h1><p id="note" role="status">Loading</p><div><table><thead><tr>'
    + "".join(
        f'<th scope="col">{name}</th>'
        for name in (
            "Device",
            "Serial",
            "Activation key",
            "State",
            "Day",
            "Day status",
            "Closing error",
            "Receipts today",
            "Last number",
            "Last date",
        )
    )
    + f'</tr></thead><tbody id="rows"></tbody></table></div><script>{_SCRIPT}</script></body></html>'
).encode()
