"""Goods in stock and branches of each taxpayer (Gateway v7.2 §23): a small default, replaced on the control port."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from fiscalmon.domain.gateway_stock import Branch, Good

from .archive import Archive
from .records import Taxpayer
from .shape import Amount, Unfit

Text250 = Annotated[str, Meta(min_length=1, max_length=250)]


class Stocked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A good of a taxpayer; without a branch it belongs to all of them."""

    hsCode: Annotated[str, Meta(min_length=1, max_length=8, pattern="^[0-9]+$")]
    goodName: Annotated[str, Meta(min_length=1, max_length=200)]
    quantity: Decimal
    branchId: int | None = None


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A branch of a taxpayer."""

    taxPayerBranchId: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    branchName: Text250
    city: Text250 | None = None
    province: Text250 | None = None
    district: Text250 | None = None
    address: Text250 | None = None
    regionName: Text250 | None = None
    stationName: Text250 | None = None


class Shelves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """POST /stock: all goods of a taxpayer, and its branches unless they are to stay."""

    goods: tuple[Stocked, ...]
    branches: tuple[Place, ...] | None = None
    taxPayerId: int = 1


DEFAULT_BRANCHES = (
    Place(
        1,
        "Muonde Mutare",
        "Mutare",
        "Manicaland",
        "Mutare Urban",
        "14 Jacaranda Avenue",
        "Region 3",
        "Mutare",
    ),
    Place(2, "Muonde Sakubva", "Mutare", "Manicaland", "Mutare Urban", "2 Chineta Road", "Region 3", "Mutare"),
)
DEFAULT_GOODS = (
    Stocked("19059000", "Bread white loaf", Decimal(120), 1),
    Stocked("34011100", "Bath soap", Decimal(80), 1),
    Stocked("34011100", "Bath soap", Decimal(35), 2),
    Stocked("10063000", "Rice long grain", Decimal("412.5"), 2),
    Stocked("49019900", "Exercise book", Decimal(600)),
)


class Stock:
    """Reads the archive each time: lists are asked for seldom."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def shelves(self, taxpayer_id: int) -> Shelves:
        """What a taxpayer has; the default one has a few goods from the start."""
        kept = self._archive.one("shelves", taxpayer_id, Shelves)
        if kept is not None:
            return kept
        return Shelves(DEFAULT_GOODS, DEFAULT_BRANCHES) if taxpayer_id == 1 else Shelves((), (), taxpayer_id)

    def replace(self, shelves: Shelves) -> Shelves:
        """Raises ValueError for a quantity that is no decimal(19,3), or a branch that is not there."""
        if shelves.branches is None:
            shelves = msgspec.structs.replace(shelves, branches=self.shelves(shelves.taxPayerId).branches)
        known = {place.taxPayerBranchId for place in shelves.branches or ()}
        for index, good in enumerate(shelves.goods):
            try:
                Amount(19, 3).take(good.quantity, "quantity")
            except Unfit as unfit:
                raise ValueError(f"goods[{index}]: {unfit}") from None
            if good.branchId is not None and good.branchId not in known:
                raise ValueError(f"goods[{index}].branchId: the taxpayer has no branch {good.branchId}.")
        self._archive.put("shelves", shelves.taxPayerId, shelves)
        return shelves

    def goods(self, taxpayer: Taxpayer) -> list[Good]:
        shelves = self.shelves(taxpayer.taxpayer_id)
        names = {place.taxPayerBranchId: place.branchName for place in shelves.branches or ()}
        return [
            Good(
                good.hsCode,
                good.goodName,
                good.quantity,
                taxpayer.taxpayer_id,
                taxpayer.tin,
                taxpayer.name,
                good.branchId,
                None if good.branchId is None else names.get(good.branchId),
            )
            for good in shelves.goods
        ]

    def branches(self, taxpayer: Taxpayer) -> list[Branch]:
        return [
            Branch(
                taxpayer_id=taxpayer.taxpayer_id,
                branch_id=place.taxPayerBranchId,
                taxpayer_tin=taxpayer.tin,
                name=place.branchName,
                taxpayer_name=taxpayer.name,
                city=place.city,
                province=place.province,
                district=place.district,
                address=place.address,
                region=place.regionName,
                station=place.stationName,
            )
            for place in self.shelves(taxpayer.taxpayer_id).branches or ()
        ]
