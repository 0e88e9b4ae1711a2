"""manage.py sweep: what the worker does every two seconds, without a broker."""

import signal

from django.core.management.base import BaseCommand, CommandParser

from messaging import sweeping


class Command(BaseCommand):
    help = "Deliver what is due: notices, held updates, reminders, mail."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--forever",
            action="store_true",
            help="go on every two seconds, until stopped",
        )

    def handle(self, *args: object, **options: object) -> None:
        if options["forever"]:
            self._go_on()
            return
        done = sweeping.Sweep().run()
        for stage, count in done.items():
            self.stdout.write(f"{stage.replace('_', ' ')}: {count}")

    def _go_on(self) -> None:
        stopped = False

        def stop(*_signal: object) -> None:
            nonlocal stopped
            stopped = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        self.stdout.write("Sweeping every two seconds. To stop: Ctrl-C.")
        sweeping.forever(stop=lambda: stopped)
