from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from messaging import chart
        from patients import conversation

        conversation.provide(chart.conversation)
