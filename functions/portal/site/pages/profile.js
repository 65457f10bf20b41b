// The caller's own account: names and consents, and the ways out.
import {Ask, Form} from "../parts/form.js";
import {html, useState} from "../parts/html.js";
import {call, leave, load} from "../parts/me.js";
import {go} from "../parts/route.js";
import {say, useStore} from "../parts/store.js";
import {Button, Mail, Name, Page, Problem} from "../parts/ui.js";
import {useAction} from "../parts/work.js";
import {Consents, Names} from "./sign-in.js";

export function Profile() {
  const {profile, org} = useStore();
  const [asking, ask] = useState("");
  const done = () => ask("");
  return html`<${Page} title="Profile">
    <article><${Account} profile=${profile} /></article>
    <article>
      <h2>Sign out everywhere</h2>
      <p>“Sign out” has this tab forget you, and no more. This ends your sessions in all browsers and on all devices at once, this
        one too: do it when you used a computer that is not yours, or when somebody may have copied a session.</p>
      <${Button} kind="secondary outline" onClick=${() => ask("sign-out")}>Sign out everywhere<//>
    </article>
    ${org && html`<article>
      <h2>Leave the organization</h2>
      <p>You keep your account, and lose access to <b><${Name}>${org.name}<//></b>.</p>
      <${Button} kind="danger outline" onClick=${() => ask("leave")}>Leave the organization<//>
    </article>`}
    ${asking === "sign-out" && html`<${SignOut} onDone=${done} />`}
    ${asking === "leave" && org && html`<${Leave} org=${org} onDone=${done} />`}
  <//>`;
}

function Account({profile}) {
  const [first, setFirst] = useState(profile.first_name);
  const [last, setLast] = useState(profile.last_name);
  const [tos, setTos] = useState(profile.tos);
  const [marketing, setMarketing] = useState(profile.marketing);
  const action = useAction(async () => {
    await call("POST", "auth/UpdateProfile", {first_name: first, last_name: last, tos, marketing});
    await load();
    say("Your profile is saved.");
  });
  return html`<${Form} action=${action}>
    <p>You sign in as <b><${Mail} to=${profile.email} /></b>.</p>
    <${Names} first=${first} last=${last} onFirst=${setFirst} onLast=${setLast} error=${action.error} />
    <${Consents} tos=${tos} marketing=${marketing} onTos=${setTos} onMarketing=${setMarketing} />
    <${Problem} error=${action.error} retry=${action.run} beside="FirstName LastName" />
    <${Button} type="submit" busy=${action.busy}>Save<//>
  <//>`;
}

function SignOut({onDone}) {
  const action = useAction(async () => {
    await call("POST", "auth/SignOut");
    leave();
    go("/", "You are signed out everywhere.");
  });
  return html`<${Ask} title="Sign out everywhere?" yes="Sign out everywhere" action=${action} onClose=${onDone}>
    <p>You sign in again with your password.</p>
  <//>`;
}

function Leave({org, onDone}) {
  const action = useAction(async () => {
    await call("POST", `orgs/${org.id}:leave`);
    await load();
    go("/", `You left ${org.name}.`);
  });
  return html`<${Ask} title="Leave the organization?" yes="Leave" danger action=${action} onClose=${onDone}>
    <p>You lose access to <b><${Name}>${org.name}<//></b> at once, and come back only if an Admin invites you.</p>
  <//>`;
}
