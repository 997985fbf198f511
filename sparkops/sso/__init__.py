"""Single sign-on: an organization's own identity provider, over OpenID Connect.

The protocol is django-allauth's. Here stand what an owner sets up, who may come in by it, and the
one door through which the library's HTTP goes.
"""
