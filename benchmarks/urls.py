"""The product's addresses and the floor."""

from benchmarks.floor import urlpatterns as floor
from smarketing.urls import urlpatterns as product

urlpatterns = [*floor, *product]
