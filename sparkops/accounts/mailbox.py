"""Mail transport of the demo: messages land in a table that a page shows."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from sparkops.accounts.models import Mail


class MailboxBackend(BaseEmailBackend):
    """Stores each message once per recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mails = [
            Mail(
                to=recipient,
                subject=str(message.subject),
                text=str(message.body),
                html=_html(message),
            )
            for message in email_messages
            for recipient in message.recipients()
        ]
        Mail.objects.bulk_create(mails)
        return len(email_messages)


def _html(message: EmailMessage) -> str:
    if isinstance(message, EmailMultiAlternatives):
        for alternative in message.alternatives:
            if alternative[1] == "text/html":
                return str(alternative[0])
    return ""
