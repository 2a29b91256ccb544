"""ProductsStock Search and SearchBranches (Gateway v7.2 §23): a device sees what its taxpayer has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from fiscalmon.domain.gateway_stock import (
    BRANCH_SORTS,
    GOOD_SORTS,
    MOST_ROWS,
    BranchesAnswer,
    StockAnswer,
)

from .calls import Call, Operation
from .listing import Query, Test

_GOOD_KEYS: Mapping[str, str] = MappingProxyType({"HsCode": "hs_code", "GoodName": "name", "BranchName": "branch_name"})
_BRANCH_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "TaxPayerBranchId": "branch_id",
        "TaxPayerName": "taxpayer_name",
        "BranchName": "name",
        "City": "city",
        "Province": "province",
        "RegionName": "region",
        "StationName": "station",
        "District": "district",
        "Address": "address",
    }
)
_BRANCH_TEXTS = ("BranchName", "RegionName", "StationName", "District", "Address", "City")


def search_stock(call: Call) -> StockAnswer:
    """HsCode exactly, GoodName by the beginnings of words, BranchId exactly."""
    query = Query(call.query)
    hs_code, name, branch = query.text("HsCode"), query.text("GoodName"), query.whole("BranchId")
    paging = query.paging(GOOD_SORTS, MOST_ROWS)
    query.check()
    tests: list[Test[Any]] = []
    if hs_code is not None:
        tests.append(lambda good: good.hs_code == hs_code)
    if name is not None:
        tests.append(lambda good: _begins(good.name, name))
    if branch is not None:
        tests.append(lambda good: good.branch_id == branch)
    goods = call.simulation.stock.goods(call.book.taxpayer)
    total, rows = paging.page(goods, tests, lambda good, sort: getattr(good, _GOOD_KEYS[sort]))
    return StockAnswer(total, tuple(rows))


def search_branches(call: Call) -> BranchesAnswer:
    """TaxPayerBranchId exactly; texts if they occur, in any letter case."""
    query = Query(call.query)
    number = query.whole("TaxPayerBranchId")
    tests: list[Test[Any]] = []
    if number is not None:
        tests.append(lambda branch: branch.branch_id == number)
    for name in _BRANCH_TEXTS:
        wanted = query.text(name)
        if wanted is not None:
            tests.append(_contains(attrgetter(_BRANCH_KEYS[name]), wanted.lower()))
    paging = query.paging(BRANCH_SORTS, MOST_ROWS)
    query.check()
    branches = call.simulation.stock.branches(call.book.taxpayer)
    total, rows = paging.page(branches, tests, lambda branch, sort: getattr(branch, _BRANCH_KEYS[sort]))
    return BranchesAnswer(total, tuple(rows))


def _begins(name: str, wanted: str) -> bool:
    """Whether each word that is looked for begins a word of the name."""
    words = name.lower().split()
    return all(any(word.startswith(part) for word in words) for part in wanted.lower().split())


def _contains(value: Callable[[Any], str | None], wanted: str) -> Test[Any]:
    return lambda row: wanted in (value(row) or "").lower()


LIST_OPERATIONS: tuple[Operation, ...] = (
    Operation("ProductsStock", "GET", "Search", search_stock, numbered=False),
    Operation("DeviceInformation", "GET", "SearchBranches", search_branches, numbered=False),
)
