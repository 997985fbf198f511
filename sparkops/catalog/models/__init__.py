"""Shared nouns."""

from sparkops.catalog.models.accounts import AdAccount, Shop
from sparkops.catalog.models.money import FxRate, UnitCost
from sparkops.catalog.models.products import Product, ProductTarget, Sku

__all__ = ["AdAccount", "FxRate", "Product", "ProductTarget", "Shop", "Sku", "UnitCost"]
