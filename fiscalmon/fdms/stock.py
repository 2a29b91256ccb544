"""What FDMS knows of a taxpayer's goods and branches, over the device's line (Gateway v7.2 §23).

Every call raises GatewayRefused, GatewayUnreachable or GatewayUnknown. No service needs it yet: a client for programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec

from ..domain.gateway_stock import (
    MOST_ROWS,
    BranchesAnswer,
    BranchSort,
    GoodSort,
    Operator,
    Order,
    StockAnswer,
)
from .connection import Line

_stock = msgspec.json.Decoder(StockAnswer).decode
_branches = msgspec.json.Decoder(BranchesAnswer).decode


class Page(NamedTuple):
    """Which rows of what was found: `offset` from 0, at most 100 a page. `operator` joins the filters."""

    offset: int = 0
    limit: int = MOST_ROWS
    order: Order = "asc"
    operator: Operator = "And"


class BranchFilter(NamedTuple):
    """What a branch is found by; members that are None do not count."""

    branch_id: int | None = None
    name: str | None = None
    region: str | None = None
    station: str | None = None
    district: str | None = None
    address: str | None = None
    city: str | None = None


FIRST_PAGE = Page()
ANY_BRANCH = BranchFilter()


class FdmsStock:
    """Two searches; both change nothing."""

    def __init__(self, device_id: int, line: Line) -> None:
        self._line = line
        self._goods_path = f"/ProductsStock/v1/{device_id}/Search"
        self._branches_path = f"/DeviceInformation/v1/{device_id}/SearchBranches"

    async def goods(
        self,
        *,
        hs_code: str | None = None,
        name: str | None = None,
        branch_id: int | None = None,
        sort: GoodSort = "GoodName",
        page: Page = FIRST_PAGE,
    ) -> StockAnswer:
        """Goods in stock: `hs_code` exactly, `name` by the beginnings of its words."""
        wanted = {"HsCode": hs_code, "GoodName": name, "BranchId": branch_id, "Sort": sort}
        return await self._line.get("SearchStock", self._line.url(_query(self._goods_path, wanted, page)), _stock)

    async def branches(
        self, wanted: BranchFilter = ANY_BRANCH, *, sort: BranchSort = "BranchName", page: Page = FIRST_PAGE
    ) -> BranchesAnswer:
        """The taxpayer's branches (not in the document, in the OpenAPI file of 2026)."""
        named = {
            "TaxPayerBranchId": wanted.branch_id,
            "BranchName": wanted.name,
            "RegionName": wanted.region,
            "StationName": wanted.station,
            "District": wanted.district,
            "Address": wanted.address,
            "City": wanted.city,
            "Sort": sort,
        }
        url = self._line.url(_query(self._branches_path, named, page))
        return await self._line.get("SearchBranches", url, _branches)

    async def close(self) -> None:
        await self._line.close()


def _query(path: str, wanted: Mapping[str, object], page: Page) -> str:
    given = {name: value for name, value in wanted.items() if value is not None}
    paging = {"Order": page.order, "Offset": page.offset, "Limit": page.limit, "Operator": page.operator}
    return f"{path}?{urlencode({**given, **paging})}"
