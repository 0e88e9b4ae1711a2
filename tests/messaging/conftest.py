"""Clinicians sign in without a second factor in these tests."""

import pytest


@pytest.fixture(autouse=True)
def demo_mode(settings):
    settings.DEMO = True
