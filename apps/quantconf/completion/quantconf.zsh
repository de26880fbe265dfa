#compdef quantconf
# zsh completion for quantconf: quantconf completion zsh > "${fpath[1]}/_quantconf"
_quantconf() {
    local -a commands
    commands=(
@DESCRIBED_COMMANDS@
    )
    _arguments -C \
        '--config-dir[folder with the layers]:folder:_directories' \
        '--env[environment]:environment:(@ENVIRONMENTS@)' \
        '--schema[JSON Schema of another program]:file:_files' \
        '*--set[override one value]:PATH=VALUE:' \
        '--format[output format]:format:(text json sarif github yaml flat)' \
        '1:command:->command' '*::argument:->argument'
    case $state in
        command) _describe command commands ;;
        argument)
            case $words[1] in
                get | explain) compadd -- $(quantconf schema paths 2>/dev/null) ;;
                set) compadd -S = -- $(quantconf schema paths 2>/dev/null) ;;
                history) compadd -- show ;;
                diff) compadd -- @ENVIRONMENTS@ live && _directories ;;
                secret) compadd -- init set get list rm rotate rekey reencrypt import verify slot ;;
                audit) compadd -- log verify export ;;
                keys) compadd -- check @SOURCES@ ;;
                sources) compadd -- @SOURCES@ ;;
                fetch)
                    _arguments '*--param[one parameter of the query]:NAME=VALUE:' '--timeout[for everything]:duration:' \
                        '1:source:(@SOURCES@)' '2:path:'
                    ;;
                schema) compadd -- json docs paths ;;
                env) compadd -- list explain ;;
                completion) compadd -- bash zsh fish ;;
                check | init) _directories ;;
            esac
            ;;
    esac
}
_quantconf "$@"
