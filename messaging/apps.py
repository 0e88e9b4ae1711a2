from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from consents import mailed
        from consents.access import still
        from messaging import access, chart, single_items
        from messaging.mailed import mails
        from patients import conversation

        conversation.provide(chart.conversation)
        mailed.register(mails)
        still.provide(access.leads_to_update)
        single_items.hand_in()
