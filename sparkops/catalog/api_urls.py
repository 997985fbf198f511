"""Shops, ad accounts and products in the API, below `/api/v1/clients/<client>/`."""

from django.urls import path

from sparkops.catalog import api

urlpatterns = [
    path("shops/", api.SHOPS, name="api-shops"),
    path("ad-accounts/", api.AD_ACCOUNTS, name="api-ad-accounts"),
    path("products/", api.PRODUCT_LIST, name="api-products"),
    path("products/<str:product_id>/", api.PRODUCT, name="api-product"),
]
