from __future__ import annotations
from flask.testing import FlaskClient
class CheckedClient(FlaskClient):
    pass
