package sqlstore_test

import (
	"fmt"
	"io/fs"
	"log"
	"strings"

	"github.com/seed-f10031e4/consent/store/sqlstore"
)

// The SQL for a migrator of your own.
func ExampleMigrations() {
	files, err := sqlstore.Migrations(sqlstore.PostgreSQL, &sqlstore.Options{Schema: "app", TablePrefix: "sms_"})
	if err != nil {
		log.Fatal(err)
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name)
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "CREATE") {
				fmt.Print("  ", line)
			}
		}
	}
	// Output:
	// 0001_init.up.sql
	//   CREATE TABLE IF NOT EXISTS app.sms_state (
	//   CREATE INDEX IF NOT EXISTS sms_state_by_status ON app.sms_state (account, status, number);
	//   CREATE INDEX IF NOT EXISTS sms_state_backwards ON app.sms_state (account, backwards);
	//   CREATE TABLE IF NOT EXISTS app.sms_events (
	//   CREATE INDEX IF NOT EXISTS sms_events_by_id ON app.sms_events (account, event_id, number, seq);
	//   CREATE INDEX IF NOT EXISTS sms_events_by_place ON app.sms_events (account, place, number, seq, recorded_us);
	//   CREATE TABLE IF NOT EXISTS app.sms_holds (
	//   CREATE INDEX IF NOT EXISTS sms_holds_by_since ON app.sms_holds (account, waits, since_us, number, seq);
	//   CREATE INDEX IF NOT EXISTS sms_holds_by_bound ON app.sms_holds (account, number, ended, bound_us, seq);
	//   CREATE INDEX IF NOT EXISTS sms_holds_by_waits ON app.sms_holds (account, number, waits, ended, seq);
	//   CREATE TABLE IF NOT EXISTS app.sms_version (version INTEGER NOT NULL PRIMARY KEY, applied_us BIGINT NOT NULL);
}
