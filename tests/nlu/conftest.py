"""Share one warm lexicon between the tests."""

import pytest

from nlu.lexicon import Lexicon


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    found = Lexicon.default()
    found.warm_up()
    return found
