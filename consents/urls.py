"""Addresses of consents."""

app_name = "consents"
urlpatterns: list = []
