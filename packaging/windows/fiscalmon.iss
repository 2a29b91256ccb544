; Inno Setup 6: fiscalmon for all users of a Windows machine, from the one-folder build.
; NOT RUN: neither the build nor this script has been tried on Windows; see packaging/windows/notes.md.
; iscc /DAppVersion=1.2.3 packaging\windows\fiscalmon.iss   (from the top folder, after the build)
#ifndef AppVersion
  #error Give the version: iscc /DAppVersion=...
#endif

[Setup]
AppId={{7B0D7C2E-4A0B-4C53-9D2F-6E2F1B1E6A51}
AppName=fiscalmon
AppVersion={#AppVersion}
AppPublisher=fiscalmon
DefaultDirName={autopf}\fiscalmon
DefaultGroupName=fiscalmon
; Per machine: a till is one, whoever logs in.
PrivilegesRequired=admin
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
SourceDir=..\..
OutputDir=dist
OutputBaseFilename=fiscalmon-{#AppVersion}-setup
SetupIconFile=build\freeze\icons\fiscalmon.ico
UninstallDisplayIcon={app}\fiscalmon.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern
; A till that sells is asked to end, never killed: what it has signed must reach the disk.
CloseApplications=yes
RestartApplications=no

[Tasks]
Name: "autostart"; Description: "Start fiscalmon when somebody logs in"; Flags: checkedonce
Name: "firewall"; Description: "Let browsers of the private network see the dashboard (TCP port 8443)"; Flags: unchecked
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; Files of an earlier version that the new one lacks would still be imported.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "dist\fiscalmon\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{group}\fiscalmon"; Filename: "{app}\fiscalmon.exe"; Parameters: "app"
Name: "{group}\Try it (demo)"; Filename: "{app}\fiscalmon.exe"; Parameters: "demo"
Name: "{autodesktop}\fiscalmon"; Filename: "{app}\fiscalmon.exe"; Parameters: "app"; Tasks: desktopicon
Name: "{commonstartup}\fiscalmon"; Filename: "{app}\fiscalmon.exe"; Parameters: "app"; Tasks: autostart

[Run]
; Private and domain networks only; the rule names the program, so nothing else gets in by that port.
Filename: "{sys}\netsh.exe"; Parameters: "advfirewall firewall add rule name=""fiscalmon dashboard"" dir=in action=allow program=""{app}\fiscalmon.exe"" protocol=TCP localport=8443 profile=private,domain"; Flags: runhidden; Tasks: firewall
Filename: "{app}\fiscalmon.exe"; Parameters: "app"; Description: "{cm:LaunchProgram,fiscalmon}"; Flags: postinstall nowait skipifsilent runasoriginaluser

[UninstallRun]
Filename: "{sys}\netsh.exe"; Parameters: "advfirewall firewall delete rule name=""fiscalmon dashboard"""; Flags: runhidden; RunOnceId: "firewall"

; The data folder with the signed receipts is never removed: the law wants them kept.
