"""Signing in with a company's provider: whose it is, the way there, the way back."""

from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.decorators import rate_limit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from sparkops.errors import Refusal
from sparkops.sso import arrival
from sparkops.sso.adapters import CompanyOAuth2Adapter, SocialAccountAdapter
from sparkops.sso.forms import CompanyForm, ConfirmForm
from sparkops.tenants.company import domain_of, provider_for
from sparkops.tenants.gate import View, public_view
from sparkops.web import pages

HINT = "company_email"


def _page_of_sign_in(view: View) -> View:
    """Counted for each address, never kept, and a refusal is a page with the ways that are left."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> Any:
        try:
            return view(request, **kwargs)
        except Refusal as refusal:
            return arrival.refused(request, refusal)
        except SocialApp.DoesNotExist as error:
            raise Http404 from error

    limited = rate_limit(action="company_sign_in", limit_get=True)(never_cache(guarded))
    return public_view("people sign in here")(limited)


@_page_of_sign_in
def company(request: HttpRequest) -> HttpResponse:
    """Find the provider that speaks for an address, and lead there."""
    form = CompanyForm(request.POST or None)
    goes_on = _goes_on(request)
    if form.is_valid():
        email = form.cleaned_data["email"]
        provider = provider_for(email)
        if provider is not None:
            request.session[HINT] = email
            return _led(request, provider.key, provider.name, goes_on)
        form.add_error(
            "email",
            f"Nobody has set up single sign-on for {domain_of(email)}. Sign in with your password,"
            " or ask an owner of your organization.",
        )
    context = {"form": form, "goes_on": goes_on}
    status = 422 if form.errors else 200
    return pages.render(request, "sso/company.html", context, status=status)


@_page_of_sign_in
def go(request: HttpRequest, provider: str) -> HttpResponse:
    """Leave for the provider."""
    found = SocialAccountAdapter(request).get_provider(request, provider)
    hint = request.session.pop(HINT, "")
    response: HttpResponse = found.redirect(
        request,
        AuthProcess.LOGIN,
        next_url=_goes_on(request) or None,
        auth_params={"login_hint": hint} if hint else {},
    )
    return response


@_page_of_sign_in
def returned(request: HttpRequest, provider: str) -> HttpResponse:
    """Come back from the provider; the library checks the answer, `SocialAccountAdapter` the
    person."""
    view = OAuth2CallbackView.adapter_view(CompanyOAuth2Adapter(request, provider))
    try:
        response: HttpResponse = view(request)
    # The library takes for granted that an answer has the form that the specification gives it.
    except (KeyError, TypeError, ValueError, AttributeError, ImproperlyConfigured) as error:
        raise Refusal(
            "no_answer", "The provider gave no answer that could be read. Begin again."
        ) from error
    return response


@_page_of_sign_in
def confirm(request: HttpRequest) -> HttpResponse:
    """Allow the provider with the password, once, to open other organizations too."""
    waiting = arrival.pending(request)
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        try:
            answer = arrival.confirm(request, waiting, form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error("password", error)
        else:
            if answer is not None:
                return answer
            form.add_error("password", "This is not the password of your account.")
    context = {"form": form, "waiting": waiting}
    status = 422 if form.errors else 200
    return pages.render(request, "sso/confirm.html", context, status=status)


def _led(request: HttpRequest, key: str, name: str, goes_on: str) -> HttpResponse:
    """A page that moves on by itself. A redirect would not do: the strict policy of forms also
    holds for where the answer to a form sends the browser."""
    way = reverse("company-go", kwargs={"provider": key})
    way += f"?{urlencode({'next': goes_on})}" if goes_on else ""
    response = pages.render(request, "sso/led.html", {"way": way, "name": name})
    response.headers["Refresh"] = f"0; url={way}"
    return response


def _goes_on(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if wanted and account_adapter(request).is_safe_url(wanted) else ""
