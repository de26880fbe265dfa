# bash completion for quantconf: source <(quantconf completion bash)
_quantconf() {
    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command= i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case " @COMMANDS@ " in *" ${COMP_WORDS[i]} "*)
            command=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    case $previous in
        --env) COMPREPLY=($(compgen -W "@ENVIRONMENTS@" -- "$word")) && return ;;
        --config-dir) COMPREPLY=($(compgen -d -- "$word")) && return ;;
        --schema | --key-file | --new-key-file | --other-key-file | --fernet | --dotenv | --key) COMPREPLY=($(compgen -f -- "$word")) && return ;;
        --layer) COMPREPLY=($(compgen -W "base environment local shared" -- "$word")) && return ;;
        --unset | --path) COMPREPLY=($(compgen -W "$(quantconf schema paths 2>/dev/null)" -- "$word")) && return ;;
        --param | --timeout) COMPREPLY=() && return ;;
        --format) COMPREPLY=($(compgen -W "text json sarif github yaml flat" -- "$word")) && return ;;
    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "@OPTIONS@" -- "$word"))
        return
    fi
    case $command in
        "" | help) COMPREPLY=($(compgen -W "@COMMANDS@" -- "$word")) ;;
        set) COMPREPLY=($(compgen -S = -W "$(quantconf schema paths 2>/dev/null)" -- "$word")) ;;
        history) COMPREPLY=($(compgen -W "show" -- "$word")) ;;
        get | explain) COMPREPLY=($(compgen -W "$(quantconf schema paths 2>/dev/null)" -- "$word")) ;;
        diff) COMPREPLY=($(compgen -W "@ENVIRONMENTS@ live" -- "$word") $(compgen -d -- "$word")) ;;
        secret) COMPREPLY=($(compgen -W "init set get list rm rotate rekey reencrypt import verify slot" -- "$word")) ;;
        audit) COMPREPLY=($(compgen -W "log verify export" -- "$word")) ;;
        keys) COMPREPLY=($(compgen -W "check @SOURCES@" -- "$word")) ;;
        sources | fetch) COMPREPLY=($(compgen -W "@SOURCES@" -- "$word")) ;;
        schema) COMPREPLY=($(compgen -W "json docs paths" -- "$word")) ;;
        env) COMPREPLY=($(compgen -W "list explain" -- "$word")) ;;
        completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
        check | init) COMPREPLY=($(compgen -d -- "$word")) ;;
    esac
}
complete -F _quantconf quantconf
