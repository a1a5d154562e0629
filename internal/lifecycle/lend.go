package lifecycle

import (
	"context"
	"fmt"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// Lend issues a token for one use, which goes to no destination, and revokes it
// when the use is over, however that ends. The journal's entry is held all the
// while: should the process be killed, recovery revokes the token.
//
// An error means that there is no token and that use was not called. Where
// revoking fails, Notice is told what to do, and the entry stays open.
func (i *Issuance) Lend(ctx context.Context, n datahub.NewToken, use func(datahub.Issued)) error {
	issued, entry, err := i.issue(ctx, n)
	if err != nil {
		return err
	}
	defer i.takeBack(ctx, issued, entry)
	use(issued)
	return nil
}

// takeBack revokes what was lent. An interruption was of the use.
func (i *Issuance) takeBack(ctx context.Context, issued datahub.Issued, entry entry) {
	i.step("ended")
	settling, cancel := context.WithTimeout(context.WithoutCancel(ctx), i.Patience)
	defer cancel()
	if _, err := i.Client.Revoke(settling, issued.ID, true); err != nil {
		i.notice(fmt.Sprintf("the token %s of this run could not be revoked: %v; revoke it: pat revoke '%s'", issued.ID, failure.Of(err), issued.ID))
		entry.end(errLeftOpen)
		return
	}
	i.step("revoked")
	entry.end(nil)
}
