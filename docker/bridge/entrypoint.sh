#!/bin/sh
# One image, two programs. Nothing is told in arguments but which of them.
case "${1:-}" in
agent | tunnel) exec node "/opt/mountbar/$1.js" ;;
*)
  echo 'usage: agent | tunnel, with one line of JSON on stdin' >&2
  exit 64
  ;;
esac
