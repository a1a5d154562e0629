package keyringtest

import (
	"sync/atomic"

	"github.com/godbus/dbus/v5"
)

// Reaction is what a person does about the keyring's prompt.
type Reaction int

// The reactions.
const (
	Answers   Reaction = iota // types the right password
	Mistypes                  // types a wrong password, and dismisses the prompt when asked again
	Dismisses                 // clicks it away
	Ignores                   // is not there
)

// The names of the program that shows GNOME Keyring's prompts.
const (
	prompterName  = "org.gnome.keyring.SystemPrompter"
	prompterIface = "org.gnome.keyring.internal.Prompter"
)

// Person is somebody in front of the prompts of a [Daemon].
type Person struct {
	conn     *dbus.Conn
	reaction Reaction
	talks    map[dbus.ObjectPath]*exchange
	asked    atomic.Int32
}

// Seat puts a person in front of the daemon's prompts. Without one, every
// prompt is dismissed at once.
func (d *Daemon) Seat(reaction Reaction) *Person {
	p := &Person{conn: dial(d.tb, d.address), reaction: reaction, talks: map[dbus.ObjectPath]*exchange{}}
	own(d.tb, p.conn, prompterName)
	messages := make(chan *dbus.Message, 64)
	p.conn.Eavesdrop(messages) // it is closed with the connection
	go p.serve(messages)
	return p
}

// Asked is how often the person was asked for a password.
func (p *Person) Asked() int { return int(p.asked.Load()) }

// serve answers the daemon's calls. They are answered by hand because the
// daemon wants the reply to each before what follows from it.
func (p *Person) serve(messages <-chan *dbus.Message) {
	for m := range messages {
		member, _ := m.Headers[dbus.FieldMember].Value().(string)
		sender, _ := m.Headers[dbus.FieldSender].Value().(string)
		if m.Type != dbus.TypeMethodCall || len(m.Body) == 0 {
			continue
		}
		p.conn.Send(&dbus.Message{Type: dbus.TypeMethodReply, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldDestination: dbus.MakeVariant(sender),
			dbus.FieldReplySerial: dbus.MakeVariant(m.Serial()),
		}}, nil)
		if callback, is := m.Body[0].(dbus.ObjectPath); is {
			p.react(member, p.conn.Object(sender, callback), m.Body[1:])
		}
	}
}

// react is what follows from a call about a prompt. The daemon's own end of
// the prompt is daemon.
func (p *Person) react(member string, daemon dbus.BusObject, rest []any) {
	switch member {
	case "BeginPrompting":
		talk := newExchange()
		p.talks[daemon.Path()] = talk
		ready(daemon, "", talk.begin())
	case "PerformPrompt": // again for the same prompt, if the password was wrong
		message, _ := rest[len(rest)-1].(string)
		p.answer(daemon, p.talks[daemon.Path()], message)
	case "StopPrompting":
		daemon.Go(prompterIface+".Callback.PromptDone", dbus.FlagNoReplyExpected, nil)
	}
}

// answer has the person do something about a question.
func (p *Person) answer(daemon dbus.BusObject, talk *exchange, message string) {
	asked := p.asked.Add(1)
	if talk == nil || talk.receive(message) != nil {
		return
	}
	switch {
	case p.reaction == Answers:
		ready(daemon, "yes", talk.send(password))
	case p.reaction == Mistypes && asked == 1:
		ready(daemon, "yes", talk.send("not the "+password))
	case p.reaction != Ignores:
		ready(daemon, "no", talk.send(""))
	}
}

// ready tells the daemon what the person said to its last question, and that
// the prompt is ready for the next.
func ready(daemon dbus.BusObject, said, message string) {
	daemon.Go(prompterIface+".Callback.PromptReady", dbus.FlagNoReplyExpected, nil, said, map[string]dbus.Variant{}, message)
}
