"""The schema is valid, complete and served; the reference is written from it."""

import json
from typing import Any

import pytest
import yaml
from django.test import Client as Browser
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from authorizations.api import HandInInput, RenewalInput, TermsInput
from authorizations.api.keeping import (
    AgreedFeeInput,
    LinkInput,
    NoteInput,
    PaidFeeInput,
    TermsVersionInput,
)
from campaigns.api import LaunchInput
from campaigns.api.approving import RecipientInput
from campaigns.api.gmv_max import ChoiceInput, GmvMaxInput
from campaigns.api.guarding import GuardInput
from campaigns.api.judging import DecisionInput
from campaigns.api.planning import CapInput, PlanInput, ReplyInput, SettleInput
from campaigns.api.ruling import RuleInput, TryInput
from campaigns.api.templates import LimitInput, TemplateInput
from creators.api import CreatorInput
from creators.api.batches import CreatorBatchInput, PostBatchInput
from creators.api.market import SearchInput, TakeOverInput
from creators.api.programme import AnswerInput, RatesInput
from creators.api.review import DecideMatchInput, WordsInput
from creators.api.sampling import SampleRemindersInput, SampleRulesInput
from profit.api.costs import (
    CreatorFeeInput,
    CustomCostInput,
    FeeRuleInput,
    FxRateInput,
    UnitCostInput,
)
from profit.api.months import CloseInput, ReopenInput
from sparkops.api.reference import chapters, schema
from sparkops.home.view_api import ViewInput, ViewNameInput
from sparkops.intake.api import ColumnsInput, ImportInput
from sparkops.outreach.api import MessageInput, SegmentInput
from sparkops.outreach.api.answering import AssignInput, MarkInput, SavedAnswerInput
from sparkops.outreach.api.building import OutreachInput, ReasonInput
from sparkops.outreach.api.meeting import BlockInput, ExclusivityInput
from sparkops.renewals.api import RequestInput
from sparkops.renewals.api.wording import CadenceInput, WhichWordingInput, WordingInput
from sparkops.reports.api import ReportInput, WantedInput
from sparkops.talk.api import CommentInput, TaskInput

pytestmark = pytest.mark.django_db
INPUTS = {
    "TryInput": TryInput,
    "AssignInput": AssignInput,
    "MarkInput": MarkInput,
    "SavedAnswerInput": SavedAnswerInput,
    "PatchedRuleInput": RuleInput,
    "CreatorBatchInput": CreatorBatchInput,
    "PatchedCadenceInput": CadenceInput,
    "PatchedWantedInput": WantedInput,
    "PostBatchInput": PostBatchInput,
    "ReportInput": ReportInput,
    "SearchInput": SearchInput,
    "TakeOverInput": TakeOverInput,
    "WhichWordingInput": WhichWordingInput,
    "WordingInput": WordingInput,
    "BlockInput": BlockInput,
    "ExclusivityInput": ExclusivityInput,
    "OutreachInput": OutreachInput,
    "PatchedOutreachInput": OutreachInput,
    "PatchedSampleRemindersInput": SampleRemindersInput,
    "PatchedSampleRulesInput": SampleRulesInput,
    "ReasonInput": ReasonInput,
    "ChoiceInput": ChoiceInput,
    "GmvMaxInput": GmvMaxInput,
    "LimitInput": LimitInput,
    "PatchedTemplateInput": TemplateInput,
    "RecipientInput": RecipientInput,
    "TemplateInput": TemplateInput,
    "CloseInput": CloseInput,
    "ColumnsInput": ColumnsInput,
    "DecideMatchInput": DecideMatchInput,
    "DecisionInput": DecisionInput,
    "ImportInput": ImportInput,
    "ReopenInput": ReopenInput,
    "WordsInput": WordsInput,
    "AgreedFeeInput": AgreedFeeInput,
    "AnswerInput": AnswerInput,
    "CommentInput": CommentInput,
    "CustomCostInput": CustomCostInput,
    "FeeRuleInput": FeeRuleInput,
    "FxRateInput": FxRateInput,
    "GuardInput": GuardInput,
    "LinkInput": LinkInput,
    "NoteInput": NoteInput,
    "PaidFeeInput": PaidFeeInput,
    "PatchedGuardInput": GuardInput,
    "RequestInput": RequestInput,
    "TaskInput": TaskInput,
    "ViewInput": ViewInput,
    "ViewNameInput": ViewNameInput,
    "CapInput": CapInput,
    "MessageInput": MessageInput,
    "PlanInput": PlanInput,
    "RatesInput": RatesInput,
    "ReplyInput": ReplyInput,
    "SegmentInput": SegmentInput,
    "SettleInput": SettleInput,
    "CreatorFeeInput": CreatorFeeInput,
    "HandInInput": HandInInput,
    "LaunchInput": LaunchInput,
    "PatchedCreatorInput": CreatorInput,
    "RenewalInput": RenewalInput,
    "TermsInput": TermsInput,
    "TermsVersionInput": TermsVersionInput,
    "UnitCostInput": UnitCostInput,
}


def test_the_schema_is_openapi_3_1_and_complete() -> None:
    whole = schema()
    assert whole["openapi"].startswith("3.1")
    validate_schema(whole)
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_every_operation_says_what_it_needs_and_how_it_fails() -> None:
    for path, item in schema()["paths"].items():
        for method, operation in item.items():
            assert operation["security"] == [{"key": []}], path
            assert operation["summary"] and operation["description"], path
            assert operation["x-scope"], path
            failed = {
                status: set(one["content"])
                for status, one in operation["responses"].items()
                if status.startswith("4")
            }
            assert {"401", "403", "404", "429"} <= set(failed), (method, path)
            assert set().union(*failed.values()) == {"application/problem+json"}


def test_every_example_body_is_one_that_is_taken() -> None:
    seen = set()
    for path, item in schema()["paths"].items():
        for operation in item.values():
            if "requestBody" not in operation:
                continue
            content = operation["requestBody"]["content"]["application/json"]
            name = content["schema"]["$ref"].rpartition("/")[2]
            given = INPUTS[name](data=content["example"])
            assert given.is_valid(), (path, given.errors)
            seen.add(name)
    assert seen == set(INPUTS)


def test_it_is_served_as_json_and_as_yaml() -> None:
    as_json = Browser().get("/api/v1/schema/")
    assert as_json.headers["Content-Type"] == "application/json"
    as_yaml = Browser().get("/api/v1/schema/?format=yaml")
    assert yaml.safe_load(as_yaml.content) == json.loads(as_json.content)


def test_the_reference_shows_every_operation_without_script_of_others() -> None:
    page = Browser().get("/api/v1/reference/")
    text = page.content.decode()
    for item in schema()["paths"].values():
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "https://cdn" not in text
    assert 'id="problem-422"' in text
    assert sum(len(entries) for _, entries in chapters()) >= 50


def test_the_address_of_the_api_leads_to_the_reference() -> None:
    answer = Browser().get("/api/v1/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/api/v1/reference/")


@pytest.mark.parametrize("path", ["/api/", "/api/v2/", "/api/v1/clients/glow/nothing/"])
def test_an_unknown_address_is_a_problem_and_no_page(path: str) -> None:
    answer: Any = Browser().post(path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
