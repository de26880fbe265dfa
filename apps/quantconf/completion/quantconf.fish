# fish completion for quantconf: quantconf completion fish | source
@DESCRIBED_COMMANDS@
complete -c quantconf -l config-dir -r -d 'folder with the layers'
complete -c quantconf -l env -x -a '@ENVIRONMENTS@' -d 'environment'
complete -c quantconf -l schema -r -d 'JSON Schema of another program'
complete -c quantconf -l set -x -d 'override one value: PATH=VALUE'
complete -c quantconf -l format -x -a 'text json sarif github yaml flat'
complete -c quantconf -n '__fish_seen_subcommand_from get explain' -f -a '(quantconf schema paths 2>/dev/null)'
complete -c quantconf -n '__fish_seen_subcommand_from diff' -a '@ENVIRONMENTS@'
complete -c quantconf -n '__fish_seen_subcommand_from secret' -f -a 'init set get list rm rotate rekey reencrypt import verify slot'
complete -c quantconf -n '__fish_seen_subcommand_from audit' -f -a 'log verify export'
complete -c quantconf -n '__fish_seen_subcommand_from schema' -f -a 'json docs paths'
complete -c quantconf -n '__fish_seen_subcommand_from env' -f -a 'list explain'
complete -c quantconf -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'
