#!/bin/sh
# Puts the version of this folder in the place of the running one, container by container, so that nobody is refused a page
# (docs/upgrading.md). As root. `sh deploy/upgrade.sh --back` leaves the tables alone: the way back. Run again, it begins anew.
set -eu
cd "$(dirname "$0")/.."
case "${1:-}" in
"" | --back) ;;
*)
	echo "Write sh deploy/upgrade.sh, or sh deploy/upgrade.sh --back." >&2
	exit 2
	;;
esac

webs() { docker compose ps --quiet web | sort; }

# CONTAINER: wait until it answers and reaches its database; end with its last words when it does not.
await() {
	left=120
	until [ "$(docker inspect --format '{{.State.Health.Status}}' "$1")" = healthy ]; do
		left=$((left - 1))
		if [ "$left" = 0 ]; then
			docker logs --tail 20 "$1" >&2
			echo "The new web does not answer: the old ones go on serving. Mend it, or remove it with docker rm --force $1." >&2
			exit 1
		fi
		sleep 1
	done
}

if [ "${1:-}" != --back ]; then
	echo "The tables"
	# Without what it depends on: compose would put database and pool anew, because they name files of the folder before.
	docker compose run --rm --no-deps migrate
fi
before=$(webs)
count=$(printf '%s\n' "$before" | wc -l)
for old in $before; do
	docker compose up --detach --no-deps --no-recreate --scale "web=$((count + 1))" web
	for each in $(webs); do
		await "$each"
	done
	# nginx looks for webs every two seconds (deploy/nginx/start.sh).
	sleep 5
	echo "One web ends what it is doing"
	docker stop --time 30 "$old" >/dev/null
	docker rm "$old" >/dev/null
	sleep 3
done
docker compose up --detach --no-deps worker beat
echo "Now: docker compose exec web python -m tracker.doctor"
