"""The description of the API against what the service really answers, by requests that Schemathesis makes up of it."""

import os
from typing import Any
from urllib.parse import quote

import schemathesis
from bs4 import BeautifulSoup
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import CHECKS

from app import RESOURCES
from app.openapi import description
from app.operations import OPERATIONS

EXAMPLES = int(os.environ.get("VITRINE_TEST_EXAMPLES", "100"))  # of each kind, for each operation and way of asking

schema = schemathesis.openapi.from_dict(description("Vitrine"))
many = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)


# What no description can say: a work or a picture has to be named, bytes have to be a picture, and text clean.
UNSAID = {("GET", "/similar"), ("POST", "/similar"), ("POST", "/likes/file")}


def check(case: Case[Any], app: Flask, accept: str) -> None:
    left_out: list[Any] = [CHECKS.get_one("positive_data_acceptance")] if (case.method, case.path) in UNSAID else []
    case.call_and_validate(app=app, headers={"Accept": accept, "Accept-Encoding": "identity"}, excluded_checks=left_out)


@schema.parametrize()
@many
def test_as_json(case: Case[Any], app: Flask) -> None:
    check(case, app, "application/json")


@schema.parametrize()
@many
def test_as_pages(case: Case[Any], app: Flask) -> None:
    check(case, app, "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")


def test_every_method_of_every_address_is_described(app: Flask) -> None:
    described = {(address, method) for address, methods in description("")["paths"].items() for method in methods}
    served = {
        (address.replace("<", "{").replace(">", "}"), method.lower())
        for address, resource in RESOURCES.items()
        for method in resource.methods
    }
    assert {(address, method) for address, method in described if method != "parameters"} == served


def test_the_page_for_people_names_every_address_and_parameter(app: Flask) -> None:
    page = BeautifulSoup(app.test_client().get("/api", headers={"Accept": "text/html"}).text, "html.parser")
    for (address, method), operation in OPERATIONS.items():
        section = page.select_one(f'section[aria-labelledby="{method}-{quote(address)}"]')
        assert section
        told = {cell.text for cell in section.select("th[scope=row] code")}
        assert {parameter.name for parameter in operation.parameters} <= told
    assert not [tag for tag in page.find_all(src=True) if not str(tag["src"]).startswith("/")]


def test_a_body_says_which_fields_it_needs() -> None:
    likes = description("")["paths"]["/likes"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert likes["anyOf"] == [
        {"required": ["id"]},
        {"required": ["value"], "properties": {"value": {"const": "clear"}}},
    ]
    assert likes["properties"]["value"]["anyOf"][0]["enum"] == ["like", "dislike", "none", "clear"]
