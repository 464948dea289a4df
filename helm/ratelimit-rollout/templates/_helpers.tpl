{{/* Names are fixed: sidecars, certificates and admission policies refer to them. */}}
{{- define "sluice.name" -}}sluice-operator{{- end }}

{{- define "sluice.selectorLabels" -}}
app.kubernetes.io/name: sluice
app.kubernetes.io/component: operator
{{- end }}

{{- define "sluice.labels" -}}
{{ include "sluice.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "sluice.user" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "sluice.name" . }}
{{- end }}

{{- define "sluice.operatorImage" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "sluice.sidecarImage" -}}
{{ .Values.sidecar.image.repository }}:{{ .Values.sidecar.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* The milliseconds of a duration such as 1m30s. */}}
{{- define "sluice.milliseconds" -}}
{{- $units := dict "h" 3600000 "m" 60000 "s" 1000 "ms" 1 }}
{{- $sum := 0 }}
{{- range regexFindAll "[0-9]+(ms|h|m|s)" . -1 }}
{{- $sum = add $sum (mul (regexFind "[1-9][0-9]*" .) (get $units (regexFind "[a-z]+" .))) }}
{{- end }}
{{- $sum }}
{{- end }}

{{/* What the operator does in namespaces with rollouts: cluster-wide, or namespace by namespace with watchNamespaces. */}}
{{- define "sluice.rolloutRules" -}}
# Reads rollouts, one by one for a pod that is admitted before the watch has told of its rollout, and patches the finalizer.
- apiGroups: [sluice.dev]
  resources: [ratelimitrollouts]
  verbs: [get, list, watch, patch]
# Commits decisions, with a resourceVersion precondition, which a patch would not need to have.
- apiGroups: [sluice.dev]
  resources: [ratelimitrollouts/status]
  verbs: [update]
# Finds targets and labels their pod template by server-side apply; an admission policy holds it to that label.
- apiGroups: [apps]
  resources: [deployments, statefulsets]
  verbs: [list, watch, patch]
# Counts the pods that have their sidecar, and tells whose stream is calling: of a new pod before the watch has told.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
# Tells whether the Services in front of a target name its port, which the sidecar can take over, or number it.
- apiGroups: [""]
  resources: [services]
  verbs: [list, watch]
# Tells whether callers would be cut off who are admitted to the app's port alone.
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [list, watch]
# Keeps the bootstrap ConfigMap <rollout>-limiter and the evidence in <rollout>-evidence, which it never deletes: their owner's end does. An
# admission policy holds it to names of these forms.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, update]
# Tells the story of a rollout.
- apiGroups: [""]
  resources: [events]
  verbs: [create]
{{- if .Values.hooks.enabled }}
{{- if not .Values.admissionPolicies.enabled }}
{{- fail "hooks.enabled needs admissionPolicies.enabled: without the policies whoever may write a rollout could run Jobs with any service account and Secret of its namespace" }}
{{- end }}
# Runs the hooks of rollouts as Jobs, hears how they end, and removes those that nobody waits for any more. Who may create Jobs may use every
# service account and Secret of the namespace: an admission policy asks for that right of whoever writes a hook, and holds the operator to
# hooks.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, delete]
{{- end }}
{{- end }}
