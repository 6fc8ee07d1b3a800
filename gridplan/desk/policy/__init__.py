"""The policy as a form: `form` reads the rules' classes and the form, `fields` draws, `names` says, `step` is the page."""
