"""The desk: a local page for those who do not program. A face: every step calls `gp.*` and keeps nothing but the folder.

server      loopback only; who may ask what: host, origin, token
steps       which steps there are, what each shows and does
state       what lies in the folder: files, region.toml, repaired/, policy.toml, plan/
uploads     files that are dropped in: names, sizes, bombs
files_step  files, the doctor's findings, cures
policy/     the policy as a form
plan_step   a run with live value and bound; job watches the process, worker is it
results_step what came out, to open and to download
table_step  the page for the meeting in a frame, and the variants that are taken back from it
scenarios_step scenarios side by side; programme_step what hangs on the plan
html        tags by which nothing from the data can run; page is the frame around all steps
"""
