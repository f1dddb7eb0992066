"""Open Referral in: files, packages and feeds of other people's listings become rows of the directory.

One way through, each step a room: `readers` (a source → raw rows), `cleaning` (a raw row → a row and what was mended),
`joining` (rows → a sound whole), `needs` (what each service helps with), `applying` (the whole → the database),
`reporting` (what an officer is told). `loading.load` runs them in this order.
"""
