"""Reads a case sheet back that a user pastes into the conversation, from Markdown or copied out of Word, whole or cut.

What is pasted is untrusted: only the sentences that Pluis itself writes into a sheet are recognised, everything else is
the user's own words, and nothing counts before she said that it is right. Writing (`bot.case.sheet`) and reading are
made from the same texts, so that they cannot drift apart.
"""
