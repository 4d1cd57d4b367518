"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import models
from streams import exposition

MODULES = [exposition] + [
    importlib.import_module(found.name) for found in pkgutil.walk_packages(models.__path__, "models.")
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples_give_what_they_say(module):
    assert doctest.testmod(module).failed == 0


def test_there_are_examples():
    assert sum(doctest.testmod(module).attempted for module in MODULES) >= 5
