"""Stock and branches of the gateway (Gateway v7.2 §23) as values: the wire's member names, no transport.

`offset` counts rows from 0; `limit` is at most 100 in both searches.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from .receipt import Value

GoodSort = Literal["HsCode", "GoodName", "BranchName"]
Order = Literal["asc", "desc"]
Operator = Literal["And", "Or"]
BranchSort = Literal[
    "TaxPayerBranchId",
    "TaxPayerName",
    "BranchName",
    "City",
    "Province",
    "RegionName",
    "StationName",
    "District",
    "Address",
]
GOOD_SORTS: tuple[GoodSort, ...] = ("HsCode", "GoodName", "BranchName")
BRANCH_SORTS: tuple[BranchSort, ...] = (
    "TaxPayerBranchId",
    "TaxPayerName",
    "BranchName",
    "City",
    "Province",
    "RegionName",
    "StationName",
    "District",
    "Address",
)
ORDERS: tuple[Order, ...] = ("asc", "desc")
OPERATORS: tuple[Operator, ...] = ("And", "Or")
MOST_ROWS = 100


class Good(
    Value,
    frozen=True,
    rename={
        "hs_code": "hsCode",
        "name": "goodName",
        "taxpayer_id": "taxPayerId",
        "taxpayer_tin": "taxPayerTIN",
        "taxpayer_name": "taxPayerName",
        "branch_id": "branchId",
        "branch_name": "branchName",
    },
):
    """One row of ProductsStock Search; `quantity` has at most 3 places, no branch means all of the taxpayer."""

    hs_code: str
    name: str
    quantity: Decimal
    taxpayer_id: int
    taxpayer_tin: str
    taxpayer_name: str
    branch_id: int | None = None
    branch_name: str | None = None


class StockAnswer(Value, frozen=True, rename={"operation_id": "operationID"}):
    """ProductsStock Search: `total` counts what was found, `rows` is the page asked for."""

    total: int
    rows: tuple[Good, ...] | None = None
    operation_id: str = ""


class Branch(
    Value,
    frozen=True,
    rename={
        "taxpayer_id": "taxPayerId",
        "taxpayer_tin": "taxPayerTIN",
        "branch_id": "taxPayerBranchId",
        "name": "branchName",
        "taxpayer_name": "taxPayerName",
        "region": "regionName",
        "station": "stationName",
    },
):
    """One row of SearchBranches."""

    taxpayer_id: int
    branch_id: int
    taxpayer_tin: str | None = None
    name: str | None = None
    taxpayer_name: str | None = None
    city: str | None = None
    province: str | None = None
    district: str | None = None
    address: str | None = None
    region: str | None = None
    station: str | None = None


class BranchesAnswer(Value, frozen=True, rename={"operation_id": "operationID"}):
    """SearchBranches: `total` counts what was found, `rows` is the page asked for."""

    total: int
    rows: tuple[Branch, ...] | None = None
    operation_id: str = ""
