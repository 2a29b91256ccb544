"""A POS that sells: each sale is handed to the till over HTTPS until it is signed. `python pos_loop.py URL CA NAME`.

The password stands in TILL_PASSWORD. Prints what belongs on the customer's slip.
"""

import os
import sys

from fiscalmon.client import SaleRefused, Till  # or the file client.py, copied beside this one


def sale(number: int) -> dict:
    """What this POS sold. The saleId is made once and kept with the sale: it is the same however often it is sent."""
    return {
        "saleId": f"POS1-{number:06}",
        "receiptType": "FiscalInvoice",
        "receiptCurrency": "USD",
        "invoiceNo": f"INV-{number:06}",
        "receiptLines": [
            {
                "receiptLineType": "Sale",
                "receiptLineName": "SOAP 250 G",
                "receiptLineHSCode": "34011100",
                "receiptLinePrice": "2.49",
                "receiptLineQuantity": "2",
                "taxID": 3,
            }
        ],
        "receiptPayments": [{"moneyTypeCode": "Cash", "paymentAmount": "4.98"}],
    }


def main(url: str, ca_file: str, name: str) -> None:
    with Till(url, name, os.environ["TILL_PASSWORD"], ca_file) as till:
        for number in range(1, 4):
            try:
                receipt = till.submit(sale(number))
            except SaleRefused as refused:
                print(f"{refused.code}: {refused.text}")
                continue
            print(receipt["receiptGlobalNo"], receipt["verificationCode"], receipt["qrUrl"])


if __name__ == "__main__":
    main(*sys.argv[1:4])
