package cli

import (
	"cmp"
	"io"
	"slices"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/render"
)

// accountRecord is a service account as the machine formats show it. Fields are
// only ever added.
type accountRecord struct {
	ID          string     `json:"id"`
	URN         string     `json:"urn"`
	Name        string     `json:"name"` // by which pat knows it: the display name, else the id
	DisplayName string     `json:"displayName"`
	Description string     `json:"description"`
	CreatedBy   *string    `json:"createdBy"`
	CreatedAt   *time.Time `json:"createdAt"`
}

func accountRecordOf(a datahub.ServiceAccount) accountRecord {
	r := accountRecord{
		ID: a.ID(), URN: string(a.URN), Name: a.Name(), DisplayName: a.DisplayName, Description: a.Description,
		CreatedAt: momentOrNull(a.CreatedAt),
	}
	if by := string(a.CreatedBy); by != "" {
		r.CreatedBy = &by
	}
	return r
}

// accountRecords are the accounts by name.
func accountRecords(accounts []datahub.ServiceAccount) []accountRecord {
	records := make([]accountRecord, len(accounts))
	for i, account := range accounts {
		records[i] = accountRecordOf(account)
	}
	slices.SortFunc(records, func(a, b accountRecord) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return records
}

func (r accountRecord) createdBy() string {
	if r.CreatedBy == nil {
		return ""
	}
	return *r.CreatedBy
}

// accountView is how service accounts are listed.
var accountView = render.View[accountRecord]{
	ID: func(r accountRecord) string { return r.ID },
	Columns: []render.Column[accountRecord]{
		{Name: "Name", Text: func(r accountRecord) string { return r.Name }, Shrink: true},
		{Name: "ID", Text: func(r accountRecord) string { return r.ID }},
		{Name: "Description", Text: func(r accountRecord) string { return r.Description }, Shrink: true, Drop: 1},
		{Name: "Created by", WideOnly: true, Drop: 3, Text: accountRecord.createdBy},
		{Name: "Created", Field: "createdAt", WideOnly: true, Drop: 2,
			Text: func(r accountRecord) string { return exactTime(r.CreatedAt) }},
	},
}

// writeAccount writes one service account: its facts for people, its record for
// machines.
func (w *world) writeAccount(out render.Output, account datahub.ServiceAccount) error {
	record := accountRecordOf(account)
	switch {
	case out.Structured():
		return render.WriteObject(w.Stdout(), out, record)
	case out.Format == render.Table || out.Format == render.Wide:
		return record.writeFacts(w.Stdout(), out)
	}
	return accountView.Write(w.Stdout(), out, []accountRecord{record})
}

func (r accountRecord) writeFacts(to io.Writer, out render.Output) error {
	facts := []render.Fact{
		{Name: "Name", Value: r.Name},
		{Name: "ID", Value: r.ID},
		{Name: "URN", Value: r.URN},
		{Name: "Description", Value: r.Description},
	}
	if r.CreatedBy != nil || r.CreatedAt != nil {
		facts = append(facts, render.Fact{Name: "Created by", Value: r.createdBy()}, render.Fact{Name: "Created", Value: exactTime(r.CreatedAt)})
	}
	return render.WriteFacts(to, out, facts)
}
