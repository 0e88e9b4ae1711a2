from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from consents import mailed
        from messaging import chart, single_items
        from messaging.mailed import mails
        from patients import conversation

        conversation.provide(chart.conversation)
        mailed.register(mails)
        single_items.hand_in()
