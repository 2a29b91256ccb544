"""Use cases of the till; knows ports, never a concrete adapter. Which module is about what:

selling: till, fiscalise, turns, originals, crediting, open_sales, products, watched_folder
sending: submit, queued_behind, waiting, connection, heartbeat, last_numbers
devices: devices, registration, certificates, configuration, key_lock, details
fiscal days: fiscal_days, day_opening, day_closing, day_automation, day_watch, day_recovery, mending
files of devices in offline mode: offline_files, file_carrier, file_footers
what is told: announcer, metrics, history, receipt_search, receipt_life, reports
paper: printing, print_worker, print_orders, print_acts, printer_card, printer_search, slips
trouble: alerts, alert_facts, alert_moments, alert_post, alert_channels, doctor, diagnosis, disk_watch
proof: audit, chain_walk, integrity, inspection
housekeeping: upkeep, chores, backup, backup_shelf, preferences, parts
people: accounts, account_acts, passwords, sessions, screens, till_lock, office_news
the till's door: held_door, lan_access, lan_addresses
"""
