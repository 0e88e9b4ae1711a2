"""Clinicians sign in without a second factor in these tests."""

import pytest


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True
