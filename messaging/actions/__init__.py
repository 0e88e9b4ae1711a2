"""Every write of the team's conversation: keyword-only, atomic, attributed.

Import the module of the noun, so that the call reads as a sentence:
`updates.send(…)`, `acknowledgements.acknowledge(…)`, `replies.reply(…)`.
"""
