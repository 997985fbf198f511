"""Publishing usage terms. A version is never changed: whoever edits makes the next one."""

from datetime import datetime
from typing import Any

from authorizations.models import TermsTemplate, TermsVersion
from authorizations.rules.terms_text import worded
from sparkops.audit.record import Actor, record
from sparkops.errors import Refusal

SAME = "Nothing differs from version {number}, which is already published."


def create_template(
    name: str, *, by: Actor, now: datetime, **asked: Any
) -> tuple[TermsTemplate, TermsVersion]:
    """New usage terms with their first version; `asked` are the fields of a version.

    Raises Refusal when the name is taken.
    """
    if TermsTemplate.objects.filter(name=name).exists():
        raise Refusal("name_taken", "Other terms have this name. Choose another.", field="name")
    template = TermsTemplate.objects.create(name=name, created_at=now)
    record("terms_template.created", template, by=by, now=now)
    return template, publish(template, by=by, now=now, **asked)


def publish(template: TermsTemplate, *, by: Actor, now: datetime, **asked: Any) -> TermsVersion:
    """The next version of a template; creators are asked again. Raises Refusal when equal."""
    # Two people publishing at once get two numbers.
    TermsTemplate.objects.select_for_update().get(pk=template.pk)
    latest = template.latest
    version = TermsVersion(
        template=template,
        number=latest.number + 1 if latest else 1,
        published_at=now,
        published_by=by.label,
        **asked,
    )
    if latest is not None and _says(latest) == _says(version):
        raise Refusal("unchanged", SAME.format(number=latest.number))
    version.wording = worded(version.deal)
    version.save(force_insert=True)
    record("terms_template.published", template, by=by, now=now, data={"version": version.number})
    return version


def _says(version: TermsVersion) -> tuple[object, ...]:
    return (version.deal, version.free_text.strip())
