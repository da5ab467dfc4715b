"""The catalogue in reading order.

rules.py      the city's rules: clocks, classes, acts, papers      item.py      a resource and its items, versions compared
judge.py      every fault of an item at once                       bring.py     the packs' resources stand in it by installation
enter.py      enter or change a draft                              steps.py     assess, sign, review, publish, withdraw; clocks
find.py       search, page by page; one item with its history      lineage.py   from delivery to use
table.py, files.py, dcat.py   xlsx, CSV and DCAT-AP, both ways     take_in.py   import all or nothing, export
demand.py     what is asked for and not had                        papers.py    what may not be asked of people again
"""
