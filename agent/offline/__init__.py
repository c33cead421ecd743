"""The built-in interpreter: the model that speaks when there is no key.

Rules and tables, no network: the same words lead to the same calls each time. A message is read into marks (what each
word may mean), sentences and commands, steps, and a plan of calls; the answer is made from what the calls returned.
"""
