<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>act_buttons</name>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>act_menu</name>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>acts</name>
    <message>
        <source>Copied: {address}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending {many} now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing waits to be sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no receipt to print yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not printed: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt {number} goes to printer {printer}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>alerts</name>
    <message>
        <source>Seen by {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Grave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No alert is open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>I look after it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is not repeated any more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>chart_card</name>
    <message>
        <source>Receipts per hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts per hour, today</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>credit</name>
    <message>
        <source>Credit note on receipt {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines that come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why? It stands on the paper and goes to FDMS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Goods returned, wrong price …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Issue the credit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the whole receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the customer for {what}: {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a line</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>day</name>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Did not close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> since {since}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day}{begun}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last day was {day}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 receipt waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total {currency}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing sold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 receipt of this device is not at FDMS yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} of this device are not at FDMS yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They are sent before the day is closed; without a connection the close has to wait.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close day {day}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} is open on device {device}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} of device {device} is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} of device {device} did not close: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask support, and name this code.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} of device {device} is being closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS has not decided yet; the result will appear in the feed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code {code}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>day_sheet</name>
    <message>
        <source>Fiscal day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The way out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Z report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report of {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening the day of device {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>device {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The signed counters go to FDMS, which checks them. This can take half a minute; the till works on meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading the devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No fiscal device is registered on this till yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{act_label} of {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A closed day takes no more receipts; the next sale needs a new day.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{span} so far</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>deck</name>
    <message>
        <source>Show {name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>device</name>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask FDMS for a sign of life</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stuck day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Facts of the device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No fiscal device is registered on this till yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; the clocks differ by {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS answered device {number}{time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device&apos;s facts were copied</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>device_facts</name>
    <message>
        <source>open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>being closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>did not close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sales</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax of sales</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Credit notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax of credit notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax of debit notes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>day {number} {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>reachable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{since}, {span} ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS answers in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{ms}, middle of the last {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left}, until {end}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open since</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fiscal day and its counters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>exempt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taxpayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VAT number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Branch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last troubles with FDMS</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>doctor</name>
    <message>
        <source>Well</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mend this</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} failed: mend what stands on top first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 check needs a look; the till can sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} need a look; the till can sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All is well with this till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fiscalmon {version}, {at}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What there is, and what to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How this till is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Checks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Examine again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File for support</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Examining the till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the file for support</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zip (*.zip)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For support: {file}, {count} files, no secret inside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>failures</name>
    <message>
        <source>The engine is not running. Quit and start fiscalmon again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unexpected error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something unexpected went wrong. {where}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Code {code}. Put this right and start fiscalmon again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fiscalmon has to stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fiscalmon could not start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The details are in {file}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Run `fiscalmon doctor` in a terminal to see why, or ask support.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>feed</name>
    <message>
        <source>{times} times</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>device {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Credit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{receipt} accepted with a remark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{receipt} accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{receipt} refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS cannot be reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{receipt} waits: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>signed and kept, goes out by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{times} receipts wait: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} did not close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>press F7 to see why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate has expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>renew it to sell again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate ends in {many}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The certificate ends soon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>renew it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock differs from FDMS by {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock differs from FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>set the clock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alert: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Over: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an alert</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{by} looks after it: {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A printer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printer {name} wants somebody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printer {name} prints again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} reaches FDMS again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} has lost FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{device} needs attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is nearly full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>make room on it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The books failed a check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stop selling and call support</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see the settings, backup</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>feed_view</name>
    <message>
        <source>What happens at this till appears here: receipts, the fiscal day, devices.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activity feed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the new rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show only rows with this text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rows} new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show {rows} new rows</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>form</name>
    <message>
        <source>{label}: what is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Browse</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>form_sheet</name>
    <message>
        <source>What is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>held</name>
    <message>
        <source>nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>held {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held sales</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give it up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with it</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>import</name>
    <message>
        <source>{added} new</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{changed} changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{same} the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 product of the list is not in the file and would be dropped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 product of the list is not in the file and stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} of the list are not in the file and would be dropped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} of the list are not in the file and stay as they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a product list?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop products that the file does not name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} cannot be taken:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line {line}: {text}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>key_bar</name>
    <message>
        <source>Function keys</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message>
        <source>Show this list of keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell: scan, take the money, print</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find a receipt and see its whole life</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print a copy of the receipt that is chosen, or of the last one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read everything from the engine again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what waits for FDMS, and why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open or close the fiscal day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the fiscal device, its day and its certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send waiting receipts now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show everything that can be done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change between light and dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light/dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock this screen until the PIN is typed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go back, in the end to the overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Examine this till: clock, disk, certificate, FDMS, printer, books</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write a file for support, without any secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find the way out of a stuck fiscal day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the open alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings: devices, printers, accounts, LAN, backup, this screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up this till, step by step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the dashboard&apos;s address for another screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close fiscalmon in order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next control</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Press the chosen button</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move in a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the chosen row of a list in full</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>keys_sheet</name>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selling (F2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys: {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Typed into the scan field, then Enter</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kpi_card</name>
    <message>
        <source>{label}, history</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>kpis</name>
    <message>
        <source>Active Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts Today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed Receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Success Rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS Latency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sales Totals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine has not told yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of {total}, {quiet} quiet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of {many}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{quiet} quiet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>last {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none since the start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No receipt in the last 24 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the last 24 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>too low, last 24 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>low</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>poor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing sent yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No receipt was sent in the last 24 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>mean of 24 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on their way</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>late, oldest {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>oldest {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>late</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no sale today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No receipt was signed today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>today, with tax</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>leaving</name>
    <message>
        <source>Keep fiscalmon at work?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>With the window closed fiscalmon can go on sending receipts and answering the dashboard. It stays beside the clock; its menu there, or Ctrl+Q in the window, quits it. The settings change this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it at work</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fiscalmon had a fault</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The window goes on, and nothing that was signed is lost. The report below is on this machine only; copy it for support if you like.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>lock</name>
    <message>
        <source>This till is locked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the last digit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>log</name>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Event</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text, receipt or code in the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text, receipt or code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Least level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warnings, errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Errors</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{rows:,} of {lines:,}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{lines:,} lines were copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The message was copied</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>money</name>
    <message>
        <source>Money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To pay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discount</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buyer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being signed …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of money (Alt+Y), Enter goes on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its currency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Amount given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Takes the amount and sells (Enter in the empty scan field, then Enter)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take back {what} {amount}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The last sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No change, paid exactly</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>notes</name>
    <message>
        <source>Choose the line that is charged more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say why: it stands on the paper and goes to FDMS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit note on receipt {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>its number, or a scan of its QR code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Credit note on which receipt?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit note on which receipt?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No receipt is found by that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than one receipt is found by that: look for it under Receipts (F3), open it, and press {key} there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a credit note itself: a note refers to the receipt of the sale.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This receipt has no line that could be charged more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For which line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>empty: the same words as the line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much more, in {receiptCurrency}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>on the paper and to FDMS: wrong price …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on to the money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say which receipt.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>notices</name>
    <message>
        <source>FDMS refused {count} receipts: F6 says why.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A fiscal day could not be closed: press F7.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A certificate runs out soon: see the device, F8.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A printer wants somebody: see the settings, printers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is nearly full: make room.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The books failed a check: stop selling and call support.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The backup of this night failed: see the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit while receipts wait?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit with an open day?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 receipt is signed but not at FDMS yet. It is kept on this machine and goes out at the next start. While fiscalmon is closed, nothing is sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} are signed but not at FDMS yet. They are kept on this machine and go out at the next start. While fiscalmon is closed, nothing is sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> and {more} more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fiscal day is still open: device {named}. Nothing closes a day by the clock while fiscalmon is closed; F7 closes it now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The fiscal days are still open: device {named}. Nothing closes a day by the clock while fiscalmon is closed; F7 closes it now.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>number_pad</name>
    <message>
        <source>Delete the last character</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty the field</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>× qty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times: how many</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>− off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minus: a discount</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Per cent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>= price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Equals: another price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two noughts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number pad</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message>
        <source>Overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sales per hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS latency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>7-day success</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taxes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sales</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Latency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>7 days</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>page</name>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the overview (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What went wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text} (code {code})</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>panels</name>
    <message>
        <source>The bands appear with the first taxed receipt of today.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax of today by band in {currency}: {bands}; together {total}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sales by the hour appear with the first receipt of today.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> · also {currencies}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sales of today by the hour in {currency}, together {total}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS&apos;s answers appear here as receipts are sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>middle {middle}, last {last}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How long FDMS took for the last {count} receipts: {caption}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seven days of success appear here day by day.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>today {said}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Success rate of the last days: {days}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax by band</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax breakdown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax breakdown, today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No fiscal device is registered on this till yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>certificate {certificate}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{waiting} waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Queue of device {device}: {waiting} waiting</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>progress</name>
    <message>
        <source>Validating</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Building canonical</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sending to FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verifying</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Completed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sale in progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The next sale shows here, stage by stage</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: {stage}, {percent} per cent. {note}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted by FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed and kept; waiting for FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refused by FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> (and {more} more)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt {number}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>queue</name>
    <message>
        <source>Device {number}: 1 receipt waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device {number}: {many} wait</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>oldest {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the first one blocks the others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ZIMRA has set this device to hand over files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{head} for the next file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next try in {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>next try now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS cannot be reached. Sales go on; receipts go out by themselves later.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{head}, and is being sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{head}, and are being sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not yet</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>receipts</name>
    <message>
        <source>Accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invoice</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Credit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>accepted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no answer, may have arrived</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not reached</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted, remark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Answered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Took</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} of the device, {counter} of day {day}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date on the receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exempt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{tax} in {sales}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paid, {kind}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sale of the POS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trades as</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VAT number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The buyer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hash, hexadecimal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Derived again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hash} — not the same: run an audit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous hash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none, it is the first of its day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verification code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>QR code says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The signature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On its way to FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt at FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taken there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS&apos;s {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS&apos;s answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number, amount, time, invoice, buyer, hash or a scanned QR code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find receipts by {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State of the receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The receipt&apos;s life</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print copy  F4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The receipt&apos;s life was copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the receipt as PDF</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No receipt fits. Fewer letters find more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>registry</name>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Way out of a stuck day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How this till is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up this till</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sale</name>
    <message>
        <source>What it is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as it stands on the receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Price in {currency}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tax</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>HS code</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4 or 8 digits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TIN (10 digits)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VAT number (9 digits)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Trade name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Phone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>City</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Street</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buyer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>10% or 1.50; empty for none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discount</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whose, or what for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>may be left empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the sale aside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sale is held; Alt+R brings it back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No sale is held</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Prices and receipt in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Currency of this sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt on the roll</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Invoice on A4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words on it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Form of the receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{one} for 1 USD</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Exchange rates of the shop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt {number} goes to the printer again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Product lists (*.csv *.txt);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a product list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{many} taken into the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be read: {strerror}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This sale was on the screen before; nothing of it was lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sale that was on the screen is held; Alt+R brings it back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{typed} is no amount of money.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is no amount of money.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shop has no rate for {currency}: set it under Rates.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{code} is no number that can be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than one product is called {code}: choose one with ↓, or type more of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{code} is not in the product list: sell it as another item, or look at the code.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A note is in the money of its receipt: {currency}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Money was given already: take it back before the sale goes on in another currency.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shop has no rate between {currency} and {other}: set it under Rates.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} has no price in {currency}, and the shop has no rate for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What became of it</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sale_entry</name>
    <message>
        <source>code or name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add it to the sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add three of it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Three of the chosen line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>-10% or -1.50</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discount on the chosen line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>--10% or --1.50</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discount on the whole sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another price for the chosen line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing, Enter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the money</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sale_forms</name>
    <message>
        <source>Say what it is: the name stands on the receipt.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An HS code has 4 or 8 digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The price</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A buyer needs both the registered name and the TIN of 10 digits; or leave all of it empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A TIN has exactly 10 digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A VAT number has exactly 9 digits.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>phone number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>e-mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>city</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The {word} may have at most {longest} characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A discount is a number like 1.50, or per cent like 10%.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The quantity must be above zero; to take the line out, press Del.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rate of {currency}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rate of {currency} must be above zero, with at most 6 decimals.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Control characters cannot be printed; remove them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>That is longer than the {longest} characters FDMS takes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{word} must be a number, like 2.50.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sale_keys</name>
    <message>
        <source>Sell something that stands in no list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the buyer on the receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buyer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put the sale aside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go on with a sale that was put aside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show what else can be done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many of the chosen line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A discount on the chosen line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Discount</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the chosen line out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the last act back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A discount on the whole sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sale discount</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell in another currency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Currency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Form of the receipt, and words on it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Form</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the sale up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A credit note: goods come back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Credit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A debit note: something is charged more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print the last receipt again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shop&apos;s exchange rates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rates</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How it is paid: cash, card, mobile money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide the number pad</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number pad</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import a product list (CSV)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Import</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a line, or a product that matches</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One more of the chosen line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the empty scan field: take the money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Out of the money, back to the scan field</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sale_lines</name>
    <message>
        <source>Scan an item, or type its code or name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{price} each</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines of the sale</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sale_view</name>
    <message>
        <source>Cash</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Card</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mobile money</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Coupon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bank transfer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{quantity} at {price}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>total {total}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Credit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debit note</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accepted by FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS found a fault: {first_advice}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed. FDMS cannot be reached: it goes out by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed and on its way to FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This sale had been recorded before it was changed: what stands here is what was sold. Ring up the rest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It had been recorded already; it was not sold twice. {note}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>see the receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VAT {band_name}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>scan</name>
    <message>
        <source>A code was scanned: leave the dialog first, then scan it again</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>scan_field</name>
    <message>
        <source>Scan or type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Scan, or type a code or name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Products that match</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>session</name>
    <message>
        <source>Dashboard: {address}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What can be set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up step by step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back up to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A verified copy lies in {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day by the clock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens and closes the fiscal day by itself. Empty: somebody does it by hand.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minutes a close waits for FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A verified copy of the books each night. To go back to one: stop fiscalmon, then run `fiscalmon restore FILE` in a terminal; it checks the copy before it replaces anything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A copy each night</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>At</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder; empty is the data folder&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Daily copies to keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weekly copies to keep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Watched folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that another program puts there are sales. Empty: none is watched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device for sales that name none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What printers do by themselves.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print the Z report at each close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the drawer after a cash sale</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}: digits only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a row first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taxpayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What FDMS knows this till by.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register another</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renew certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Production</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its CA file, if any</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activation key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register a device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is this you?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS answered device {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The configuration of device {device} was read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS gives device {device} a new certificate. Selling goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renew the certificate?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device {device} has a new certificate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who is told of trouble besides the feed of window and dashboard, and of what.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts stand in the feed alone. Add a channel, so that they reach you elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is watched</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Told from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quiet hours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rules</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change rule</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rule on or off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a channel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts go by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>office</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add the channel {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Alerts go to {name} from now on. Test it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test of {time} failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A test went out at {time}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A test went out by {name}: look whether it has arrived</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} and its secret are forgotten, with what waits for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the channel?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a rule first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quiet from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quiet until</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hours until what lasts is told again; 0 is never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None: a server of one&apos;s own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mail server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Protection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>User</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sender</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recipients</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The bot&apos;s token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Machines of the Internet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Also machines of the shop&apos;s own network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It leads to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address, typed hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its token, if it asks for one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It waits until they end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is told all the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This rule is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the quiet hours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What stands on paper comes from these.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Slips</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Newest slips of the chosen printer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print slip again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip slip</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It is on paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a printer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The speed is a number, such as 115200.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test page was printed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What waits for {name} is given up; its journal stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the printer?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a slip first</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Role</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Viewers see figures, managers work with the day, support sees logs, owners everything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign out everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add an account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A new password for {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Change</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices; empty is all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devices are numbers, with commas between them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is signed out everywhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is signed out at once and cannot sign in again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove the account?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>12 characters or more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two passwords differ: nothing was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For whoever is asked for help.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How this till is</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>System</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>QR code of the dashboard&apos;s address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Phones and PCs of the shop&apos;s network may open the dashboard, with an account.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Telegram</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Webhook, its address a secret</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A receipt blocks the queue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts wait too long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hours that the oldest has waited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A fiscal day is open for long</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hours that it is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A fiscal day could not be closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A certificate runs out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Days that are left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The clock is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seconds that it is off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The books are in doubt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The disk is nearly full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>GiB that are free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} GiB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A printer has stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A sign-in from a new address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other machines may look in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A secret address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No trouble</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No quiet hours.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quiet from {begin} until {end}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What lasts is told once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What lasts is told again after {number} h.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The name has letters, digits, - and _ alone, 40 at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is a channel {name} already. Remove it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The secret is one line without control characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name the mail server, such as mail.example.org.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sender and recipients are addresses such as owner@example.org.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The port is a number, such as 587.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give a user and a password, or neither.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A password is never sent without TLS: choose another protection.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The chat is a number, or a name that begins with @.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the bot&apos;s token.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What stands behind the ? may be a secret: choose the webhook whose address is one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address begins with https:// and names a machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Into the Internet it goes by https:// alone.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Minutes before it is told</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give both ends of the quiet hours, or neither.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A time is written as 21:00.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hours until it is told again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}: a whole number, please.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{label}: a number, please.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address people are given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The till&apos;s CA, SHA-256:
{mark}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First add an owner&apos;s account: nobody may look in before that</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied: {url}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only this machine may look in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How this window behaves on this machine.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the window is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stay at work beside the clock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start when this user signs in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PIN until now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New PIN; empty for none</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PIN of the lock</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F12 locks this screen</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no PIN any more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>sheet</name>
    <message>
        <source>The space bar presses a button. Enter does not: a scanned code ends with it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>stage_progress</name>
    <message>
        <source>Sale in progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happens to it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Elapsed time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the sale</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>status</name>
    <message>
        <source>Starting — reading the till&apos;s book</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing — the engine is being stopped in order</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine has stopped by itself — quit and start fiscalmon again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No fiscal device yet — register one to sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{span} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{span} over its limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>device {device}: </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it needs support</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop — {name}{why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{failed} of {devices} devices cannot sell — {name}{why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} did not close — {name}press F7 to see why and what to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>day {day}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the day — {name}{day} is {day_left}: press F7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the day soon — {name}{day} has {day_left}: press F7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to sell — {name}{day} has only {day_left}: close it with F7</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing day {day} — FDMS checks the counters; selling goes on when a new day is open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The day is closed — press F7 to open it before you sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, oldest {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selling offline — 1 receipt waits{oldest}; it goes out by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selling offline — {many} wait{oldest}; they go out by themselves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selling offline — FDMS does not answer; receipts wait and go out by themselves</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to sell — but 1 receipt waits since {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to sell — but {many} wait since {span}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to sell — {name}{attention}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may sell — {remark}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to sell — day {day} open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> since {since}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ready to sell — {days} of {devices} devices have their day open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>, the first with {day_left}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>status_strip</name>
    <message>
        <source>Status</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>About this till</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>stuck</name>
    <message>
        <source>Fiscal day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not answered yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marked Red</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why the close failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>being closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>did not close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>signed counters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the same</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>other totals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>online</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>offline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>clock {span} off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>certificate until {end}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{at}  device {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cause: {text} ({code})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Act: {act}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Day {day} is now {state}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS said: {code}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>stuck_day</name>
    <message>
        <source>1  The facts, side by side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>2  The cause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>3  What may be done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>4  What it would do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>5  Do it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>6  The result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Way out of a stuck day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The six steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the time at which the day was opened, to see what would be sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The result was copied; it is also kept in the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the day was opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>When the day was opened, as 2026-11-22T08:00:00</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it would send</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why it is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Why it is done, in your own words; it is kept beside what was done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the result</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>stuck_parts</name>
    <message>
        <source>This till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device: {device}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS says nothing: {trouble}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sends: {sends}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only people can do this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>surroundings</name>
    <message>
        <source>look at it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>printer {printer}: {advice}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the disk is nearly full: make room</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>tray</name>
    <message>
        <source>Show fiscalmon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sell</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>trend</name>
    <message>
        <source>Receipts per hour appear here as soon as the first one of today is signed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts per hour today: {hours}. {caption}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} so far this hour</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>trend_chart</name>
    <message>
        <source>Receipts per hour</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>waiting</name>
    <message>
        <source>Nothing waits: every receipt of this till has FDMS&apos;s answer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Date</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tries</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send now  F9</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What can be done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What can be done about device {device}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>window</name>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TRAINING — nothing reaches ZIMRA, and no slip is a fiscal receipt</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>wizard</name>
    <message>
        <source>Set up this till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The till is set up. F7 opens the day, F2 sells.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>fiscalmon could not be started a second time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking the ports who is there; this takes up to a minute …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No printer answered on {number} ports. Is it switched on?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A printer answered on {port}: {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The usual place is {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the summary</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} cannot be written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test page was printed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test page is not on paper yet. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The CA file {file} cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the shop&apos;s name: it stands in the window and on the summary.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder in which this till is to keep everything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Give the printer a name, such as counter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the port it is connected to, or look for printers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The device ID is the number that ZIMRA gave you, digits only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The serial number has 1 to 20 characters, as it was told to ZIMRA.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The activation key has 8 characters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The address begins with https:// and names FDMS.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read who the device belongs to, then tick the box if it is right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two passwords differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt printer (ESC/POS)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Datecs FP, fiscal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Datecs FP, newer protocol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Daisy, fiscal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Eltrade, fiscal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Incotex, fiscal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tremol, fiscal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A few questions, about five minutes. You can stop at any time: what is done stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is this till for?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selling: set it up with ZIMRA&apos;s FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Practising: nothing reaches ZIMRA</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name of the shop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Every receipt, key and setting lies here. Choose a disk that is always there, never a USB stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where this till keeps everything</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In the usual place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In another folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Switch it on and connect it, then look for it. Each port is asked who is there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No printer now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register with FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ZIMRA gave you a device ID and an activation key. First FDMS is asked whose they are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test environment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Production</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CA file, if any</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device ID</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Activation key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask FDMS</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Later</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is this you?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS says that this device belongs to the taxpayer below. Registering uses up the key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Yes, this is my business and this branch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner&apos;s account</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For looking in from a phone or the office. Nobody may do so before there is an owner.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Password</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>12 characters or more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Once more</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking in from other devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The dashboard can be opened on phones and PCs of this shop&apos;s network, with an account.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Who may look in?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This machine only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The shop&apos;s network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address to show</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is how the till is set up. Keep it as a file, or print it for the shop&apos;s papers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finish</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>none yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the shop&apos;s network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this machine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Printers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May look in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Taxpayer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Branch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Certificate till</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No device is registered: nothing can be sold yet. Register one in the settings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TIN</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>VAT number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>FDMS says</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Questions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Facts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for printers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Print a test page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save as PDF</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>{count} receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} receipts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} lines</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} product</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} products</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} checks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} more currency</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} more currencies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tue</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Thu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fri</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sat</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jan</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feb</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apr</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jun</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jul</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aug</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sep</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Oct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nov</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>yesterday {hour}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
