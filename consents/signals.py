"""What higher apps may want to know; consents never imports them.

`signed` is sent inside the transaction of the signature, with `consent`: whoever holds
something back for want of a consent can release it there, once.
"""

from django.dispatch import Signal

signed = Signal()
