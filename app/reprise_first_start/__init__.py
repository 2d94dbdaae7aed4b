"""The first start of an installed PC: what its new owner is asked, and the page that welcomes them.

Runs with Debian's own Python on the light OS; of `reprise` it takes along only the modules that
`system/install.sh` copies beside it.
"""
