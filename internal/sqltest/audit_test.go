package sqltest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/store"
	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// damage is something that went wrong with the tables, and what an audit calls it.
type damage struct {
	name  string
	sql   []string // with {state}, {events}, {holds}, and {key}: a condition
	found sqlstore.Damage
	kept  bool // what the events say is not in force, also after a repair
}

func damages() []damage {
	return []damage{
		{"the state row is gone", []string{"DELETE FROM {state} WHERE {key}"}, sqlstore.DamageMissing, false},
		{"the state row is that of a new key", []string{"UPDATE {state} SET status = 0, events = 0 WHERE {key}"}, sqlstore.DamageMissing, false},
		{"the state is another", []string{"UPDATE {state} SET status = 1, action = 2 WHERE {key}"}, sqlstore.DamageState, false},
		{"the other half of the standing is gone", []string{"UPDATE {state} SET under_action = NULL WHERE {key}"}, sqlstore.DamageState, false},
		{"the state has another time", []string{"UPDATE {state} SET at_us = at_us + 1 WHERE {key}"}, sqlstore.DamageState, false},
		{"the number of events is behind", []string{"UPDATE {state} SET events = events - 1 WHERE {key}"}, sqlstore.DamageCount, false},
		{"a hold is gone", []string{"DELETE FROM {holds} WHERE {key} AND seq = 3"}, sqlstore.DamageHolds, false},
		{"all holds are gone", []string{"DELETE FROM {holds} WHERE {key}"}, sqlstore.DamageHolds, false},
		{"a hold has ended", []string{"UPDATE {holds} SET ended = 1 WHERE {key} AND seq = 3"}, sqlstore.DamageHolds, false},
		{"a hold that was released is open", []string{"UPDATE {holds} SET ended = 0 WHERE {key} AND seq = 2"}, sqlstore.DamageHolds, false},
		{"a hold has another time", []string{"UPDATE {holds} SET bound_us = bound_us + 1 WHERE {key} AND seq = 3"}, sqlstore.DamageHolds, false},
		{"all holds have ended", []string{"UPDATE {state} SET holds_from = 99 WHERE {key}"}, sqlstore.DamageHolds, false},
		{
			"a hold without an event was released",
			[]string{"INSERT INTO {holds} (account, number, seq, since_us, bound_us, ended, waits) " +
				"SELECT account, number, 1, since_us, bound_us, 2, 0 FROM {holds} WHERE {key} AND seq = 3"},
			sqlstore.DamageHolds, false,
		},
		{
			"the events are gone",
			[]string{"DELETE FROM {events} WHERE {key}", "DELETE FROM {holds} WHERE {key}"},
			sqlstore.DamageUnexplained, true,
		},
	}
}

// damagedKeys returns two keys with a history, a held one and one that opted out over a
// hold, whose tables the damage is done to.
func damagedKeys(t *testing.T, st *sqlstore.Store) []store.Key {
	t.Helper()
	account := "damage " + newNumber()
	var keys []store.Key
	for _, last := range []store.Event{event("asked", store.Key{}, store.Ask, 5), event("stop", store.Key{}, store.OptOut, 5)} {
		key := store.Key{Account: account, Number: newNumber()}
		last.Key = key
		for _, ev := range []store.Event{
			event("consent", key, store.Consent, 0), event("text", key, store.Hold, 1), event("wrong number", key, store.Hold, 2),
			event("text", key, store.Release, 1), last,
		} {
			appendNow(t, st, ev)
		}
		keys = append(keys, key)
	}
	return keys
}

func (d damage) statements(v variant, key store.Key) []string {
	var all []string
	for _, text := range d.sql {
		all = append(all, strings.NewReplacer(
			"{state}", v.table("state"), "{events}", v.table("events"), "{holds}", v.table("holds"),
			"{key}", fmt.Sprintf("account = '%s' AND number = '%s'", key.Account, key.Number),
		).Replace(text))
	}
	return all
}

// TestAuditFindsAndMendsEachDamage on every database: without a repair it reports
// and changes nothing. With a repair the tables are what the events say. Only an opt-out or
// a hold whose events were lost stays in force.
func TestAuditFindsAndMendsEachDamage(t *testing.T) {
	eachMain(t, func(t *testing.T, v variant) {
		t.Helper()
		st, db := v.ready(t)
		for _, d := range damages() {
			t.Run(d.name, func(t *testing.T) {
				keys := damagedKeys(t, st)
				if d.kept {
					keys = keys[1:] // of the other one the consent is lost as well
				}
				for _, key := range keys {
					before, err := st.Get(t.Context(), key)
					require.NoError(t, err)
					must(t, db, d.statements(v, key)...)
					stored, err := st.Get(t.Context(), key)
					require.NoError(t, err)
					opts := &sqlstore.AuditOptions{Account: key.Account}
					for range 2 {
						all := audited(t.Context(), t, st, opts)
						require.Len(t, all, 1)
						require.Equal(t, key, all[0].Key)
						require.Equal(t, d.found, all[0].Damage)
						require.Equal(t, stored, all[0].Stored)
						require.False(t, all[0].Repaired)
						if !d.kept {
							require.Equal(t, all[0].Want, before)
						}
					}
					opts.Repair = true
					all := audited(t.Context(), t, st, opts)
					require.Len(t, all, 1)
					require.Equal(t, !d.kept, all[0].Repaired)
					again := audited(t.Context(), t, st, opts)
					after, err := st.Get(t.Context(), key)
					require.NoError(t, err)
					require.Equal(t, before, after)
					if d.kept {
						require.Equal(t, all, again)
						appendNow(t, st, event("start", key, store.OptIn, 9))
						require.Empty(t, audited(t.Context(), t, st, opts))
						continue
					}
					require.Empty(t, again)
					consistent(t, st, key)
				}
			})
		}
	})
}

// TestAuditReadsEveryKey of every account, also those that only one table has, over pages.
func TestAuditReadsEveryKey(t *testing.T) {
	const keys = 2_500 // more than two pages
	eachLong(t, func(t *testing.T, v variant) {
		t.Helper()
		db := v.open(t, v.database(t))
		st := v.on(t, db)
		require.NoError(t, st.Migrate(t.Context()))
		fillTables(t, v, db, keys)
		require.Empty(t, audited(t.Context(), t, st, nil))
		must(t, db,
			"DELETE FROM "+v.table("state")+" WHERE number <> '+00000777'",
			"DELETE FROM "+v.table("events")+" WHERE number = '+00000777'")
		all := audited(t.Context(), t, st, nil)
		require.Len(t, all, keys)
		seen := map[store.Key]bool{}
		for _, finding := range all {
			seen[finding.Key] = true
			want := sqlstore.DamageMissing
			if finding.Key.Number == "+00000777" {
				want = sqlstore.DamageUnexplained
			}
			require.Equal(t, want, finding.Damage)
		}
		require.Len(t, seen, keys)
		for finding, err := range st.Audit(t.Context(), &sqlstore.AuditOptions{Account: "other", Repair: true}) {
			require.NoError(t, err)
			require.True(t, finding.Repaired)
			break // nothing is held open
		}
		require.Zero(t, db.Stats().InUse)
		rest := audited(t.Context(), t, st, &sqlstore.AuditOptions{Account: "other"})
		require.Len(t, rest, keys/10-1)
	})
}
