"""The central server: takes signed reports, keeps their exact bytes, shows them."""
